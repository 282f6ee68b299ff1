// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nestling::testing {

/// How many descriptors this process has open; on Windows handles, but for those that the system makes and closes for
/// itself.
std::size_t count_open_fds();

}  // namespace nestling::testing
