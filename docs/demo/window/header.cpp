// SPDX-License-Identifier: MIT
#include "window/header.hpp"

#include <string>

#include "report/escape.hpp"
#include "window/widgets.hpp"

namespace demo {

namespace {

std::string roots_text(const Options& options) {
    std::string roots;
    for (const std::string& root : options.roots) {
        roots += (roots.empty() ? "" : "  ") + escape_path(root);
    }
    return roots;
}

GtkWidget* make_title(const Options& options) {
    GtkWidget* where = make_label(roots_text(options).c_str(), "where");
    gtk_label_set_ellipsize(GTK_LABEL(where), PANGO_ELLIPSIZE_MIDDLE);
    GtkWidget* title = make_box(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_set_valign(title, GTK_ALIGN_CENTER);
    gtk_widget_set_margin_start(title, 8);
    append(title, make_label("Duplicate files", "program"));
    append(title, where);
    return title;
}

GtkWidget* make_mode_button(const char* text, const char* style) {
    GtkWidget* button = gtk_toggle_button_new_with_label(text);
    add_classes(button, "mode");
    add_classes(button, style);
    return button;
}

}  // namespace

Header::Header(Session& session)
    : bar_(gtk_header_bar_new()),
      nestling_(make_mode_button("Nestling", "nestling")),
      glib_(make_mode_button("plain GLib", "glib")) {
    GtkWidget* modes = make_box(GTK_ORIENTATION_HORIZONTAL, 0);
    add_classes(modes, "linked");
    gtk_widget_set_valign(modes, GTK_ALIGN_CENTER);
    append(modes, nestling_);
    append(modes, glib_);
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(glib_), GTK_TOGGLE_BUTTON(nestling_));
    show(session.options().mode);
    // "toggled" of the one is the opposite of that of the other.
    connect(nestling_, "toggled", on_mode, &session);
    GtkWidget* again = gtk_button_new_with_label("Run again");
    add_classes(again, "mode");
    gtk_widget_set_valign(again, GTK_ALIGN_CENTER);
    connect(again, "clicked", on_again, &session);
    gtk_header_bar_set_title_widget(GTK_HEADER_BAR(bar_), modes);
    gtk_header_bar_pack_start(GTK_HEADER_BAR(bar_), make_title(session.options()));
    gtk_header_bar_pack_end(GTK_HEADER_BAR(bar_), again);
}

void Header::show(Mode mode) {
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(mode == Mode::nestling ? nestling_ : glib_), TRUE);
}

void Header::on_mode(GtkToggleButton* button, gpointer data) {
    Session& session = *static_cast<Session*>(data);
    const Mode mode = gtk_toggle_button_get_active(button) != FALSE ? Mode::nestling : Mode::glib;
    // The button also follows runs that were started otherwise.
    if (session.current() != nullptr && session.current()->mode() != mode) {
        session.start(mode);
    }
}

void Header::on_again(GtkButton*, gpointer data) {
    Session& session = *static_cast<Session*>(data);
    if (session.current() != nullptr) {
        session.start(session.current()->mode());
    }
}

}  // namespace demo
