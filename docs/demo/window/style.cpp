// SPDX-License-Identifier: MIT
#include "window/style.hpp"

namespace demo {

namespace {

constexpr const char* sheet = R"(
window.demo { background: #14161b; color: #e6e8ec; }
window.demo headerbar { background: #191c22; border-bottom: 1px solid #262a33; box-shadow: none; }
headerbar .program { padding-top: 2px; }
.program { font-weight: 700; font-size: 15px; }
.where { color: #8892a3; font-size: 12px; }
.status { color: #aab2c0; font-size: 13px; }
.card { background: #1b1f26; border: 1px solid #272c36; border-radius: 10px; padding: 12px 14px; }
.card-title { font-weight: 700; font-size: 12px; color: #c6ccd7; }
.card-hint { color: #6f7989; font-size: 11px; }
.tile-name { color: #8892a3; font-size: 11px; font-weight: 700; }
.tile-value { font-size: 22px; font-weight: 700; font-feature-settings: "tnum"; }
.tile-more { color: #8892a3; font-size: 11px; font-feature-settings: "tnum"; }
.good { color: #45cc9e; }
.bad { color: #f5575e; }
progressbar.demo > trough { min-height: 6px; border-radius: 3px; background: #262b34; border: none; }
progressbar.demo > trough > progress { min-height: 6px; min-width: 6px; margin: 0; border-radius: 3px; border: none; background: #45cc9e; }
progressbar.demo.glib > trough > progress { background: #f5a852; }
button.mode { padding: 3px 14px; min-height: 26px; background: #232831; color: #aab2c0; border: 1px solid #333a46;
              box-shadow: none; text-shadow: none; font-weight: 700; }
button.mode:checked.nestling { background: #1f5f4c; color: #d9fff2; border-color: #45cc9e; }
button.mode:checked.glib { background: #6b4720; color: #fff1dd; border-color: #f5a852; }
listview.groups { background: transparent; color: #e6e8ec; }
listview.groups > row { background: transparent; padding: 7px 2px; border-bottom: 1px solid #262b34; }
.group-head { font-weight: 700; font-size: 13px; }
.group-waste { font-weight: 700; font-size: 13px; color: #f5a852; font-feature-settings: "tnum"; }
.group-names { font-family: monospace; font-size: 11px; color: #9aa4b3; }
.empty { color: #6f7989; font-size: 14px; }
.table { font-size: 12px; font-feature-settings: "tnum"; }
.table .head { font-weight: 700; }
.table .head.nestling { color: #45cc9e; }
.table .head.glib { color: #f5a852; }
.table .name { color: #8892a3; }
.problem { color: #f5878c; font-size: 12px; }
)";

}  // namespace

GdkRGBA colour_of(Mode mode) {
    return mode == Mode::nestling ? colour::nestling : colour::glib;
}

GdkRGBA faded(GdkRGBA colour, float alpha) {
    colour.alpha = alpha;
    return colour;
}

void load_style() {
    g_object_set(gtk_settings_get_default(), "gtk-application-prefer-dark-theme", TRUE, nullptr);
    GtkCssProvider* provider = gtk_css_provider_new();
    gtk_css_provider_load_from_data(provider, sheet, -1);
    gtk_style_context_add_provider_for_display(gdk_display_get_default(), GTK_STYLE_PROVIDER(provider),
                                               GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
    g_object_unref(provider);
}

}  // namespace demo
