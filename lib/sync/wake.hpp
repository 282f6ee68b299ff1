// SPDX-License-Identifier: MIT
#pragma once

#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"

namespace nestling::sync {

/// The protocol that this build uses.
#if defined(NESTLING_WAKE_SEED)
using Wake = WakeSeed<>;
#else
using Wake = WakeOneword<>;
#endif

}  // namespace nestling::sync
