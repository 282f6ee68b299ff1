// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>
#include <nestling/task.hpp>

#include <memory>

namespace nestling::testing {

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
