// SPDX-License-Identifier: MIT
#include "glib/protocol.hpp"

namespace nestling::testing {
#if defined(NESTLING_WAKE_SEED)
const bool writes_once_per_sleep = false;
#else
const bool writes_once_per_sleep = true;
#endif
}  // namespace nestling::testing
