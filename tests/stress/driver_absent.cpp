// SPDX-License-Identifier: MIT
#include "driver.hpp"

namespace nestling::stress {

bool run_under_glib(IoThread&) {
    return false;
}

}  // namespace nestling::stress
