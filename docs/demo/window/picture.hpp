// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <string>

namespace demo {

/// Writes what `window` shows as a PNG file. Returns what went wrong, or an empty text.
std::string save_picture(GtkWidget* window, const std::string& file);

}  // namespace demo
