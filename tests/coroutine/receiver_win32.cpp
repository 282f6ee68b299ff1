// SPDX-License-Identifier: MIT
#include "coroutine/receiver.hpp"

#include <nestling/fd_ready.hpp>

namespace nestling::testing {

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
