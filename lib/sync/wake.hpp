// SPDX-License-Identifier: MIT
#pragma once

#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"

namespace nestling::sync {

/// The protocol that this build uses.
#if defined(NESTLING_WAKE_SEED)
using Wake = WakeSeed<>;
#elif defined(NESTLING_WAKE_ONEWORD)
using Wake = WakeOneword<>;
#else
#error "Who looks inside must be built with the protocol of the library: see protocol_args in lib/meson.build"
#endif

}  // namespace nestling::sync
