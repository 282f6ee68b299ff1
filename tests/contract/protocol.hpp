// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::testing {

/// The wake protocol that this program is linked with: "oneword" or "seed".
extern const char* const wake_protocol;

/// In the default protocol a producer writes the event at most once per sleep; in the other one at most once per call.
bool writes_once_per_sleep();

}  // namespace nestling::testing
