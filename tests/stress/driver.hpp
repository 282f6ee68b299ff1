// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/io_thread.hpp>

namespace nestling::stress {

/// Makes the thread run a GMainLoop around its context; false in a build without GLib.
bool run_under_glib(IoThread& thread);

}  // namespace nestling::stress
