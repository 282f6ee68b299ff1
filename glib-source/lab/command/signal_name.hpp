// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace nestling::lab::command {

/// "SIGSEGV (Segmentation fault)"
std::string signal_name(int signal);

}  // namespace nestling::lab::command
