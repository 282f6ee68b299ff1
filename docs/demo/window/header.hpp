// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include "session.hpp"

namespace demo {

/// What the window is about, the switch between the modes, and a button to run the job again.
class Header {
public:
    explicit Header(Session& session);
    [[nodiscard]] GtkWidget* widget() const noexcept { return bar_; }
    /// Shows the mode of a run, however it was started.
    void show(Mode mode);

private:
    static void on_mode(GtkToggleButton* button, gpointer session);
    static void on_again(GtkButton* button, gpointer session);

    GtkWidget* bar_;
    GtkWidget* nestling_;
    GtkWidget* glib_;
};

}  // namespace demo
