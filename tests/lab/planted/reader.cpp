// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "planted/planted.hpp"

namespace nestling::testing {

namespace {

enum Bug : unsigned { trusts_the_number = 16, works_after_fork = 18 };

struct Reader {
    GSource base;
    unsigned bug;
    std::array<int, 2> ends;
    gpointer tag;
    pid_t process;
    ino_t file;
};

Reader& reader_of(GSource* source) {
    return *reinterpret_cast<Reader*>(source);
}

ino_t file_of(int fd) {
    struct stat status {};
    return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

void let_go(Reader& reader) {
    g_source_remove_unix_fd(&reader.base, reader.tag);
    reader.tag = nullptr;
}

gboolean prepare(GSource* source, gint* timeout) {
    Reader& reader = reader_of(source);
    *timeout = -1;
    if (getpid() != reader.process && reader.bug != works_after_fork && reader.tag != nullptr) {
        g_critical("a reader is used after fork()");
        let_go(reader);
    }
    return FALSE;
}

gboolean check(GSource* source) {
    Reader& reader = reader_of(source);
    if (reader.tag == nullptr) {
        return FALSE;
    }
    const GIOCondition revents = g_source_query_unix_fd(source, reader.tag);
    if (revents == 0) {
        return FALSE;
    }
    const bool is_ours = reader.bug == trusts_the_number || file_of(reader.ends[0]) == reader.file;
    if ((revents & (G_IO_ERR | G_IO_HUP | G_IO_NVAL)) != 0 || !is_ours) {
        let_go(reader);
        return FALSE;
    }
    return TRUE;
}

gboolean dispatch(GSource* source, GSourceFunc callback, gpointer data) {
    char byte = 0;
    if (read(reader_of(source).ends[0], &byte, 1) == 1) {
        callback(data);
    }
    return G_SOURCE_CONTINUE;
}

/// In the name of whoever owns the pipe.
void finalize(GSource* source) {
    for (const int end : reader_of(source).ends) {
        close(end);
    }
}

GSourceFuncs functions{prepare, check, dispatch, finalize, nullptr, nullptr};

gboolean on_event(gpointer) {
    lab::delivered();
    return G_SOURCE_CONTINUE;
}

GSource* make(unsigned bug) {
    GSource* source = g_source_new(&functions, sizeof(Reader));
    Reader& reader = reader_of(source);
    reader.bug = bug;
    reader.process = getpid();
    if (pipe2(reader.ends.data(), O_NONBLOCK | O_CLOEXEC) != 0) {
        g_source_unref(source);
        return nullptr;
    }
    reader.file = file_of(reader.ends[0]);
    reader.tag = g_source_add_unix_fd(source, reader.ends[0], G_IO_IN);
    g_source_set_can_recurse(source, TRUE);
    g_source_set_callback(source, on_event, nullptr, nullptr);
    g_source_set_static_name(source, "reader");
    return source;
}

void send_byte(GSource* source) {
    static_cast<void>(!write(reader_of(source).ends[1], "x", 1));
}

}  // namespace

lab::Subject planted_reader(unsigned broken) {
    lab::Subject subject;
    subject.name = "reader";
    subject.make = [broken] { return make(broken); };
    subject.stimulate = send_byte;
    subject.fd = [](GSource* source) { return reader_of(source).ends[0]; };
    return subject;
}

lab::Subject planted_subject(unsigned broken) {
    return is_of_reader(broken) ? planted_reader(broken) : planted_queue(broken);
}

}  // namespace nestling::testing
