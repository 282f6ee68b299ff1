// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::os {

/// Tells the CPU that this thread is waiting for another one: its twin gets more of the core.
#if defined(__x86_64__) || defined(__i386__)
inline void cpu_relax() noexcept {
    __builtin_ia32_pause();
}
#elif defined(__aarch64__)
inline void cpu_relax() noexcept {
    __asm__ __volatile__("yield");
}
#else
inline void cpu_relax() noexcept {}
#endif

}  // namespace nestling::os
