// SPDX-License-Identifier: MIT
#pragma once

#include "support/syscall_counter.hpp"

namespace nestling::testing {

// What the definitions that stand in front of the system's tell the counter.

void count(Call call) noexcept;
void count_sleep(bool may_sleep) noexcept;
/// It was refused, not slept.
void forget_sleep(bool may_sleep) noexcept;

}  // namespace nestling::testing
