// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "support/test_loop.hpp"

namespace nestling::testing {

// Defined twice: in a build with GLib, and in one without.

extern const bool has_gsource_driver;
std::unique_ptr<Driver> make_gsource_driver(const std::shared_ptr<Context>& context);

}  // namespace nestling::testing
