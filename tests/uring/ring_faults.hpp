// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::testing {

/// The functions of liburing through which a Ring talks to the kernel.
enum class RingCall : std::uint8_t { set_up, enter, cancel };
inline constexpr int ring_calls = 3;

/// While it lives, the next `times` calls of one function fail with `error`, after `successes` that succeed, and do
/// nothing.
class FailingRing {
public:
    FailingRing(RingCall call, int error, int times = 1, int successes = 0);
    FailingRing(const FailingRing&) = delete;
    FailingRing& operator=(const FailingRing&) = delete;
    ~FailingRing();
    /// How many have failed so far.
    [[nodiscard]] int failed() const;

private:
    RingCall call_;
};

/// How often the kernel was entered since this was made, by all rings of the program.
class RingEntries {
public:
    RingEntries();
    [[nodiscard]] std::uint64_t count() const;

private:
    std::uint64_t start_;
};

/// How often a thread of the program has slept for a fixed time.
std::uint64_t pauses_made() noexcept;

/// The setup flags of the ring that was set up last.
unsigned last_ring_setup() noexcept;
/// What the kernel offered it.
unsigned last_ring_features() noexcept;
/// The flags of the last call that entered the kernel.
unsigned last_ring_enter() noexcept;

}  // namespace nestling::testing
