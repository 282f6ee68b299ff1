// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/signals.hpp>

#include <memory>
#include <optional>
#include <system_error>

#include "os/owned_fd.hpp"

namespace nestling::os {

/// A descriptor that is readable when a signal has come, and what came.
class SignalSource {
public:
    SignalSource(OwnedFd fd, SignalForm form) noexcept : fd_(std::move(fd)), form_(form) {}
    SignalSource(const SignalSource&) = delete;
    SignalSource& operator=(const SignalSource&) = delete;
    virtual ~SignalSource() = default;

    [[nodiscard]] int fd() const noexcept { return fd_.get(); }
    [[nodiscard]] SignalForm form() const noexcept { return form_; }
    /// The next signal; nothing when all are taken. With a handler, those of other sources too.
    virtual std::optional<SignalInfo> take() noexcept = 0;

private:
    OwnedFd fd_;
    SignalForm form_;
};

/// On failure null, and sets `error`: ENOSYS where the system has no such thing.
std::unique_ptr<SignalSource> make_signalfd(const sigset_t& signals, std::error_code& error);
/// The two descriptors behind it are made once and for good: a handler may be running on any thread when its source
/// goes. Throws std::bad_alloc.
std::unique_ptr<SignalSource> make_signal_pipe(const sigset_t& signals, std::error_code& error);

}  // namespace nestling::os
