// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace nestling::testing {

/// How many descriptors this process has open; handles of any kind on Windows.
std::size_t count_open_fds();

}  // namespace nestling::testing
