// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "session.hpp"

namespace demo {

/// A GTK 4 window; null when there is no display, or when the program was built without GTK.
std::unique_ptr<View> make_window(Session& session);

}  // namespace demo
