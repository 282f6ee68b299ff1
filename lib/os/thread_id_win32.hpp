// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::os {

/// A number that no other living thread has: where the system keeps what it knows of this one. Compilers for Windows
/// may call a function for each variable of a thread, so its address would cost ten times as much.
inline std::uintptr_t this_thread_id() noexcept {
    std::uintptr_t block = 0;
#if defined(__x86_64__)
    __asm__("movq %%gs:0x30, %0" : "=r"(block));
#elif defined(__i386__)
    __asm__("movl %%fs:0x18, %0" : "=r"(block));
#elif defined(__aarch64__)
    __asm__("mov %0, x18" : "=r"(block));
#else
#error "Where does this processor keep the thread's block (TEB)?"
#endif
    return block;
}

}  // namespace nestling::os
