// SPDX-License-Identifier: MIT
#pragma once

// Thread rules that a compiler can check. With clang, -Wthread-safety and NESTLING_THREAD_SAFETY defined, every
// function that is bound to the home thread must be called where the home thread is known to be held.

#if defined(NESTLING_THREAD_SAFETY) && defined(__clang__)
#define NESTLING_ATTRIBUTE(x) __attribute__((x))
#else
#define NESTLING_ATTRIBUTE(x)
#endif

#define NESTLING_CAPABILITY(name) NESTLING_ATTRIBUTE(capability(name))
#define NESTLING_REQUIRES(...) NESTLING_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define NESTLING_ACQUIRE(...) NESTLING_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define NESTLING_RELEASE(...) NESTLING_ATTRIBUTE(release_capability(__VA_ARGS__))
#define NESTLING_ASSERTS(...) NESTLING_ATTRIBUTE(assert_capability(__VA_ARGS__))
#define NESTLING_UNCHECKED NESTLING_ATTRIBUTE(no_thread_safety_analysis)

#if defined(_WIN32)
#define NESTLING_API
#define NESTLING_HIDDEN
#else
#define NESTLING_API __attribute__((visibility("default")))
#define NESTLING_HIDDEN __attribute__((visibility("hidden")))
#endif
