// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace nestling::lab {

/// The descriptors that the process has open, in order; empty where the system does not tell.
std::vector<int> open_fds();

}  // namespace nestling::lab
