// SPDX-License-Identifier: MIT
#include "window/group_list.hpp"

#include <algorithm>
#include <numeric>

#include "report/escape.hpp"
#include "report/units.hpp"
#include "window/group_row.hpp"
#include "window/widgets.hpp"

namespace demo {

namespace {
constexpr std::size_t most_names = 4;
}

GroupList::GroupList(std::string root)
    : root_(std::move(root)),
      rows_(g_list_store_new(G_TYPE_OBJECT)),
      stack_(gtk_stack_new()),
      empty_(make_label("No duplicates yet", "empty")) {
    GListModel* model = G_LIST_MODEL(g_object_ref(rows_));
    GtkWidget* list = gtk_list_view_new(GTK_SELECTION_MODEL(gtk_no_selection_new(model)), make_group_factory());
    add_classes(list, "groups");
    GtkWidget* scroller = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), list);
    gtk_label_set_xalign(GTK_LABEL(empty_), 0.5F);
    gtk_stack_add_named(GTK_STACK(stack_), empty_, "empty");
    gtk_stack_add_named(GTK_STACK(stack_), scroller, "list");
    gtk_widget_set_vexpand(stack_, TRUE);
}

GroupList::~GroupList() {
    g_object_unref(rows_);
}

void GroupList::clear() {
    g_list_store_remove_all(rows_);
    wanted_.clear();
    shown_.clear();
    gtk_stack_set_visible_child_name(GTK_STACK(stack_), "empty");
}

void GroupList::rank(const DuplicateFinder& finder) {
    const std::vector<Group>& groups = finder.groups();
    std::vector<std::size_t> order(groups.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t rows = std::min(order.size(), most_rows);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(rows), order.end(),
                      [&groups](std::size_t a, std::size_t b) {
                          const auto wasted_a = groups[a].wasted();
                          const auto wasted_b = groups[b].wasted();
                          return wasted_a != wasted_b ? wasted_a > wasted_b : a < b;
                      });
    wanted_.clear();
    for (std::size_t i = 0; i < rows; ++i) {
        wanted_.emplace_back(order[i], groups[order[i]].version);
    }
}

void GroupList::show_some(const DuplicateFinder& finder) {
    std::size_t changes = 0;
    for (std::size_t i = 0; i < wanted_.size() && changes < rows_per_frame; ++i) {
        const bool is_new = i == shown_.size();
        if (!is_new && shown_[i] == wanted_[i]) {
            continue;
        }
        gpointer item = make_row(finder, wanted_[i].first);
        g_list_store_splice(rows_, static_cast<guint>(i), is_new ? 0 : 1, &item, 1);
        g_object_unref(item);
        shown_.resize(std::max(shown_.size(), i + 1));
        shown_[i] = wanted_[i];
        ++changes;
    }
    if (changes != 0) {
        gtk_stack_set_visible_child_name(GTK_STACK(stack_), "list");
    }
}

GObject* GroupList::make_row(const DuplicateFinder& finder, std::size_t index) const {
    const Group& group = finder.groups()[index];
    GroupRow row;
    row.head = count_text(group.copies.size()) + " files of " + bytes_text(group.size);
    row.waste = bytes_text(group.wasted()) + " wasted";
    std::size_t names = 0;
    for (const std::size_t copy : group.copies) {
        for (const std::string& name : finder.copy(copy).names) {
            if (names++ < most_names) {
                row.names += (row.names.empty() ? "" : "\n") + shown_name(name);
            }
        }
    }
    if (names > most_names) {
        row.names += "\nand " + count_text(names - most_names) + " more";
    }
    return make_group_item(std::move(row));
}

std::string GroupList::shown_name(const std::string& path) const {
    const bool below = !root_.empty() && path.size() > root_.size() && path.compare(0, root_.size(), root_) == 0;
    if (!below) {
        return escape_path(path);
    }
    return escape_path(std::string_view(path).substr(path.find_first_not_of('/', root_.size())));
}

}  // namespace demo
