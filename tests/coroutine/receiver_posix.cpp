// SPDX-License-Identifier: MIT
#include "coroutine/receiver.hpp"

#include <nestling/io_queue.hpp>
#include <nestling/perform.hpp>

#include <array>
#include <cstddef>

namespace nestling::testing {

const std::size_t task_count = 100'000;

struct Receiver::Parts {
    explicit Parts(Context& context) : queue(context) {}

    IoQueue queue;
};

Receiver::Receiver(Context& context) : parts_(std::make_unique<Parts>(context)) {}
Receiver::~Receiver() = default;

Task<void> Receiver::receive(int fd) {
    std::array<std::byte, 8> buffer;
    co_await perform(parts_->queue, io::recv(fd, buffer));
}

bool Receiver::is_idle() const {
    return parts_->queue.pending() == 0;
}

}  // namespace nestling::testing
