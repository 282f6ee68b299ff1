// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include "delivery/delivery.hpp"

namespace demo {

/// The colours of what is painted; those of widgets stand in the style sheet.
namespace colour {
inline constexpr GdkRGBA text{0.90F, 0.91F, 0.93F, 1};
inline constexpr GdkRGBA dim{0.53F, 0.57F, 0.64F, 1};
inline constexpr GdkRGBA line{1, 1, 1, 0.10F};
inline constexpr GdkRGBA on_time{0.36F, 0.66F, 0.96F, 1};
inline constexpr GdkRGBA late{0.96F, 0.34F, 0.37F, 1};
inline constexpr GdkRGBA nestling{0.27F, 0.80F, 0.62F, 1};
inline constexpr GdkRGBA glib{0.96F, 0.66F, 0.32F, 1};
}  // namespace colour

[[nodiscard]] GdkRGBA colour_of(Mode mode);
[[nodiscard]] GdkRGBA faded(GdkRGBA colour, float alpha);

/// Loads the style sheet for the default display and asks GTK for its dark theme.
void load_style();

}  // namespace demo
