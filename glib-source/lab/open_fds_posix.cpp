// SPDX-License-Identifier: MIT
#include "open_fds.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace nestling::lab {

std::vector<int> open_fds() {
    std::vector<int> fds;
    std::error_code error;
    {
        const std::filesystem::directory_iterator end;
        for (std::filesystem::directory_iterator at("/proc/self/fd", error); !error && at != end; at.increment(error)) {
            fds.push_back(std::atoi(at->path().filename().c_str()));
        }
    }
    // The folder that was read is one of them, and no longer open.
    fds.erase(std::remove_if(fds.begin(), fds.end(),
                             [](int fd) {
                                 std::error_code gone;
                                 return !std::filesystem::exists(
                                     std::filesystem::symlink_status("/proc/self/fd/" + std::to_string(fd), gone));
                             }),
              fds.end());
    std::sort(fds.begin(), fds.end());
    return fds;
}

}  // namespace nestling::lab
