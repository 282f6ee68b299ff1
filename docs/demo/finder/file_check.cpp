// SPDX-License-Identifier: MIT
#include "finder/file_check.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <cstring>

namespace demo {

std::string reason_for(int number) {
    switch (number) {
        case ENOENT:
        case ENOTDIR:
            return "vanished before it could be read";
        case ELOOP:
            return "was replaced by a symbolic link";
        default:
            return std::string("cannot be read: ") + std::strerror(number);
    }
}

bool is_same(const FoundFile& file, const struct stat& status) {
    const auto modified =
        std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec);
    return S_ISREG(status.st_mode) && status.st_dev == file.device && status.st_ino == file.inode &&
           static_cast<std::uint64_t>(status.st_size) == file.size && modified == file.modified;
}

bool is_same(const FoundFile& file, const struct statx& status) {
    const auto modified =
        std::chrono::seconds(status.stx_mtime.tv_sec) + std::chrono::nanoseconds(status.stx_mtime.tv_nsec);
    return S_ISREG(status.stx_mode) && makedev(status.stx_dev_major, status.stx_dev_minor) == file.device &&
           status.stx_ino == file.inode && status.stx_size == file.size && modified == file.modified;
}

int open_flags(const FoundFile& file) {
    const int no_follow = file.links == Links::keep ? O_NOFOLLOW : 0;
    return O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | no_follow;
}

}  // namespace demo
