// SPDX-License-Identifier: MIT
#include "window/window.hpp"

namespace demo {

std::unique_ptr<View> make_window(Session&) {
    return nullptr;
}

}  // namespace demo
