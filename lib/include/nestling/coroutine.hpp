// SPDX-License-Identifier: MIT
#pragma once

// <coroutine>, for every compiler that knows coroutines. Clang before 15 speaks the standard's coroutines but does not
// say so with the macro by which libstdc++ decides whether to declare them.
#if defined(__clang__) && !defined(__cpp_impl_coroutine)
#define __cpp_impl_coroutine 201902L  // NOLINT(bugprone-reserved-identifier)
#endif

#include <coroutine>  // IWYU pragma: export
