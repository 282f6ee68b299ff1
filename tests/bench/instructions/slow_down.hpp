// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>

/// What slows down without anybody having meant it.
inline void slow_down(nestling::Context& context) {
#if defined(NESTLING_OPERATIONS_SLOWER)
    for (int at = 0; at < 10; ++at) {
        static_cast<void>(context.is_home());
    }
#else
    static_cast<void>(context);
#endif
}
