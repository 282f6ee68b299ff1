// SPDX-License-Identifier: MIT
#pragma once

#include <dirent.h>

#include <cstddef>

namespace nestling::testing {

/// How many descriptors this process has open.
inline std::size_t count_open_fds() {
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
