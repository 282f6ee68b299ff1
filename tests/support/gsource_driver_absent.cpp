// SPDX-License-Identifier: MIT
#include "support/gsource_driver.hpp"

namespace nestling::testing {

const bool has_gsource_driver = false;

std::unique_ptr<Driver> make_gsource_driver(const std::shared_ptr<Context>&) {
    return nullptr;
}

}  // namespace nestling::testing
