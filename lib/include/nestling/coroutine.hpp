// SPDX-License-Identifier: MIT
#pragma once

// <coroutine>, for every compiler that knows coroutines. Clang before 15 speaks the standard's coroutines but does not
// say so with the macro by which libstdc++ decides whether to declare them.
#if defined(__clang__) && !defined(__cpp_impl_coroutine)
#define __cpp_impl_coroutine 201902L  // NOLINT(bugprone-reserved-identifier)
#endif

// What <stop_token> is made of must be the same in the library and in who uses it: see meson.build.
#if defined(_WIN32) && defined(__GNUC__) && !defined(__clang__) && \
    (__GNUC__ < 12 || (__GNUC__ == 12 && __GNUC_MINOR__ < 3)) && !defined(_GLIBCXX_USE_POSIX_SEMAPHORE)
#error "This compiler's std::stop_callback loses wakeups: compile with the flags that pkg-config gives for nestling"
#endif

#include <coroutine>  // IWYU pragma: export
