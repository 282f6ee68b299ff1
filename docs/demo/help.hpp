// SPDX-License-Identifier: MIT
#pragma once

namespace demo {

inline constexpr const char* help_text =
    R"(Usage: nestling-demo [options] FOLDER...

Finds files of equal content under the folders, and measures meanwhile what the
work of other threads costs the thread that draws.

  --mode=nestling     results arrive through a nestling::Context (the default)
  --mode=glib         results arrive by one g_idle_add each, for comparison
  --both              the other mode first, for comparison; mind that the second
                      of two runs finds the files in the cache
  --threads=N         threads that hash, and that read where io_uring cannot be
                      had; as many as processors
  --min-size=N        leave out files smaller than N bytes; 0
  --follow            follow symbolic links; each folder is entered once
  --monitor=KIND      automatic, epoll, io_uring or poll: how the context waits
  --terminal          no window, even where there is a display
  --json              the result for machines on stdout, and nothing else there
  --record=FILE.png   a picture of the window when the job is done; then exit
  --help, --version

Files are equal when size and SHA-256 of the whole content are. Empty files are
equal to each other. Only what could have an equal is read.

A file with several names (hard links; with --follow also symbolic ones) is one
file: it takes its space once and is no duplicate of itself. All its names are
shown, the others indented by "=" in text and beside each other in "names" in
JSON.

Symbolic links are not followed unless asked for, except for FOLDER itself. A
loop is noted and ends where it closes. Fifos, sockets and devices are counted
and not read. A file that changes or vanishes meanwhile is reported.

Paths in text and JSON: a byte that is not part of valid UTF-8, or is a control
character, stands as \xHH (two small hexadecimal digits), and a backslash as two
backslashes. So each path can be had back, byte by byte.

Progress and problems go to stderr, the result to stdout. Exit code: 0 done;
1 done, but some files could not be read (each is named on stderr); 2 wrong
usage, a folder that cannot be opened, or a result that cannot be written;
130 interrupted by Ctrl-C: what was found until then is printed, and says so.
)";

}  // namespace demo
