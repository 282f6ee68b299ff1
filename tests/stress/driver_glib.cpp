// SPDX-License-Identifier: MIT
#include <nestling-glib/source.hpp>

#include "driver.hpp"

namespace nestling::stress {

bool run_under_glib(IoThread& thread) {
    return glib::gmain_context(thread) != nullptr;
}

}  // namespace nestling::stress
