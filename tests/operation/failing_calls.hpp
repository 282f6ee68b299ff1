// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::testing {

/// The system calls of this part that can be told to fail.
enum class Call : std::uint8_t { signalfd, pidfd_open, waitid };
inline constexpr int call_kinds = 3;

/// While it lives, the next `times` calls end with `error`, on every thread. One for each call at a time.
class FailingCall {
public:
    static constexpr int always = 1'000'000'000;

    FailingCall(Call call, int error, int times = always);
    FailingCall(const FailingCall&) = delete;
    FailingCall& operator=(const FailingCall&) = delete;
    ~FailingCall();

    /// How many have failed.
    [[nodiscard]] int count() const;

private:
    Call call_;
};

}  // namespace nestling::testing
