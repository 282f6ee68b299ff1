// SPDX-License-Identifier: MIT
#pragma once

#include <nestling-lab/c-types.h>

#include <nestling-lab/trace.hpp>

namespace nestling::lab::c {

static_assert(static_cast<int>(Call::send) == NESTLING_LAB_CALL_SEND && NESTLING_LAB_CALL_SEND + 1 == call_kinds);

/// 0 of a call that does not exist.
inline guint64 count_of(const Counts& counts, NestlingLabCall call) noexcept {
    const auto kind = static_cast<unsigned>(call);
    return kind < call_kinds ? counts.calls[kind] : 0;
}

}  // namespace nestling::lab::c
