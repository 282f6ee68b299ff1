// SPDX-License-Identifier: MIT
#pragma once

#include <setjmp.h>

#include <memory>

namespace nestling::model {

/// A stack and what runs on it. Switching saves and restores registers and calls nothing in the kernel.
class Fiber {
public:
    using Entry = void (*)(void* argument);

    /// `entry` must not return, and throws nothing.
    Fiber(Entry entry, void* argument);

    Fiber(const Fiber&) = delete;
    Fiber& operator=(const Fiber&) = delete;

    /// Goes to the beginning of `entry`, whatever the fiber was doing. What is left in `from` is where resume() goes
    /// on.
    void start(jmp_buf& from) noexcept;
    void start_and_leave() noexcept;

    void resume(jmp_buf& from) noexcept;
    void resume_and_leave() noexcept;

    /// Where this fiber saves itself when it leaves.
    jmp_buf& here() noexcept { return here_; }

private:
    static void first(unsigned high, unsigned low) noexcept;
    void loop() noexcept;

    std::unique_ptr<char[]> stack_;
    Entry entry_;
    void* argument_;
    jmp_buf top_;
    jmp_buf here_;
    jmp_buf creator_;
};

}  // namespace nestling::model
