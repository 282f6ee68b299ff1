// SPDX-License-Identifier: MIT
#include "bench/event_fds.hpp"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <vector>

namespace bench {

int event_fd(std::size_t index) {
    static std::mutex mutex;
    static std::vector<int> made;
    const std::lock_guard lock(mutex);
    while (made.size() <= index) {
        const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
        if (fd < 0) {
            throw std::system_error(errno, std::generic_category(), "eventfd");
        }
        made.push_back(fd);
    }
    return made[index];
}

void allow_many_files() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

void signal_fd(int fd) {
    const std::uint64_t one = 1;
    if (::write(fd, &one, sizeof one) != static_cast<ssize_t>(sizeof one)) {
        throw std::system_error(errno, std::generic_category(), "write to an eventfd");
    }
}

void drain_fd(int fd) {
    std::uint64_t value = 0;
    if (::read(fd, &value, sizeof value) < 0 && errno != EAGAIN) {
        throw std::system_error(errno, std::generic_category(), "read of an eventfd");
    }
}

}  // namespace bench
