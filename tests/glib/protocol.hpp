// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::testing {
/// Whether the wake protocol that this program is linked with writes the event once for each sleep, or each time.
extern const bool writes_once_per_sleep;
}  // namespace nestling::testing
