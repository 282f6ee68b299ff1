// SPDX-License-Identifier: MIT
#include "finder/open_path.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <climits>

namespace demo {

namespace {

int open_once(int folder, const char* path, int flags) {
    int fd = -1;
    do {
        fd = ::openat(folder, path, flags | O_CLOEXEC);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

}  // namespace

UniqueFd::~UniqueFd() {
    if (fd_ >= 0) {
        const int kept = errno;
        ::close(fd_);
        errno = kept;
    }
}

UniqueFd open_path(const std::string& path, int flags) {
    UniqueFd folder;
    std::string rest = path;
    while (rest.size() >= PATH_MAX) {
        const std::size_t slash = rest.rfind('/', PATH_MAX - 2);
        if (slash == std::string::npos || slash == 0) {
            errno = ENAMETOOLONG;
            return {};
        }
        UniqueFd next(open_once(folder ? folder.get() : AT_FDCWD, rest.substr(0, slash).c_str(), O_PATH | O_DIRECTORY));
        if (!next) {
            return {};
        }
        folder = std::move(next);
        rest.erase(0, rest.find_first_not_of('/', slash));
    }
    return UniqueFd(open_once(folder ? folder.get() : AT_FDCWD, rest.c_str(), flags));
}

}  // namespace demo
