// SPDX-License-Identifier: MIT
#include <poll.h>

#include <vector>

#include "support/poll_handles.hpp"

namespace nestling::testing {

int wait_for_handles(std::span<PollHandle> handles, std::chrono::nanoseconds timeout) {
    std::vector<pollfd> fds;
    for (const PollHandle& handle : handles) {
        fds.push_back({handle.fd, handle.events, 0});
    }
    const timespec spec{static_cast<time_t>(timeout.count() / 1'000'000'000),
                        static_cast<long>(timeout.count() % 1'000'000'000)};
    const int count = ::ppoll(fds.data(), fds.size(), timeout.count() < 0 ? nullptr : &spec, nullptr);
    std::size_t at = 0;
    for (PollHandle& handle : handles) {
        handle.revents = count > 0 ? fds[at].revents : short{0};
        ++at;
    }
    return count;
}

bool is_set(int notifier_fd) {
    pollfd handle{notifier_fd, POLLIN, 0};
    return ::poll(&handle, 1, 0) == 1 && (handle.revents & POLLIN) != 0;
}

}  // namespace nestling::testing
