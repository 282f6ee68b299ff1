// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>
#include <nestling/task.hpp>

#include <cstddef>
#include <memory>

namespace nestling::testing {

/// How many tasks are many: a hundred thousand. On Windows, where each byte that is received costs hundreds of times as
/// much (under Wine), a tenth.
extern const std::size_t task_count;

/// Receives from a socket: by an operation where there are operations, else when the socket is readable.
class Receiver {
public:
    explicit Receiver(Context& context);
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;
    ~Receiver();

    Task<void> receive(int fd);
    [[nodiscard]] bool is_idle() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace nestling::testing
