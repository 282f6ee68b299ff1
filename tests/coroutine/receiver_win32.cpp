// SPDX-License-Identifier: MIT
#include "coroutine/receiver.hpp"

#include <nestling/fd_ready.hpp>

namespace nestling::testing {

const std::size_t task_count = 10'000;

struct Receiver::Parts {};

Receiver::Receiver(Context&) {}
Receiver::~Receiver() = default;

Task<void> Receiver::receive(int fd) {
    co_await readable(fd);
}

bool Receiver::is_idle() const {
    return true;
}

}  // namespace nestling::testing
