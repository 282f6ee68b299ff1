// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include "meter/frame_meter.hpp"

namespace demo {

/// A bar for each frame, as high as it took; `meter` must outlive the widget.
GtkWidget* make_frame_strip(const FrameMeter& meter);

}  // namespace demo
