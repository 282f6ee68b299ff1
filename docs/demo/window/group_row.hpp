// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <string>

namespace demo {

/// What a row of the list shows.
struct GroupRow {
    std::string head;
    std::string waste;
    std::string names;
};

/// An item for a GListModel.
GObject* make_group_item(GroupRow row);

/// Makes the widgets of rows and fills them from items.
GtkListItemFactory* make_group_factory();

}  // namespace demo
