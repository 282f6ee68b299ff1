// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <string>

namespace demo {

/// A label, aligned to the left, with style classes separated by blanks.
GtkWidget* make_label(const char* text, const char* classes);
/// Leaves a label alone that shows `text` already: setting it would lay it out and draw it again.
void set_text(GtkWidget* label, const std::string& text);
void add_classes(GtkWidget* widget, const char* classes);
/// Adds `name` and removes `other`.
void swap_class(GtkWidget* widget, const char* name, const char* other);

GtkWidget* make_box(GtkOrientation orientation, int spacing);
void append(GtkWidget* box, GtkWidget* child);
/// A frame with a heading, a hint beside it, and `content` below.
GtkWidget* make_card(const char* title, const char* hint, GtkWidget* content);

/// g_signal_connect() for a function without captures.
template <class Function>
void connect(gpointer object, const char* signal, Function* function, gpointer data) {
    g_signal_connect_data(object, signal, reinterpret_cast<GCallback>(function), data, nullptr, GConnectFlags{});
}

}  // namespace demo
