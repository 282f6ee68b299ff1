// SPDX-License-Identifier: MIT
#include <dirent.h>

#include "support/open_fds.hpp"

namespace nestling::testing {

std::size_t count_open_fds() {
    std::size_t count = 0;
    DIR* directory = ::opendir("/proc/self/fd");
    while (directory != nullptr && ::readdir(directory) != nullptr) {
        ++count;
    }
    ::closedir(directory);
    // Neither "." and ".." nor the directory that is being read.
    return count - 3;
}

}  // namespace nestling::testing
