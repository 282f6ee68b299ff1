// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "finder/duplicate_finder.hpp"

namespace demo {

/// The groups that waste most, most wasteful first.
///
/// Widgets are dear: in each frame only a few rows change, from the top, and those that are right already are left
/// alone.
class GroupList {
public:
    /// Names are shown relative to `root`; empty: as they are.
    explicit GroupList(std::string root);
    ~GroupList();
    GroupList(const GroupList&) = delete;
    GroupList& operator=(const GroupList&) = delete;

    [[nodiscard]] GtkWidget* widget() const noexcept { return stack_; }
    void clear();
    /// Decides anew what is to be shown.
    void rank(const DuplicateFinder& finder);
    /// Once per frame: brings some rows up to date.
    void show_some(const DuplicateFinder& finder);

    static constexpr std::size_t most_rows = 60;
    static constexpr std::size_t rows_per_frame = 4;

private:
    using Shown = std::pair<std::size_t, std::uint64_t>;  ///< index and version of a group

    [[nodiscard]] GObject* make_row(const DuplicateFinder& finder, std::size_t group) const;
    [[nodiscard]] std::string shown_name(const std::string& path) const;

    std::string root_;
    GListStore* rows_;
    GtkWidget* stack_;
    GtkWidget* empty_;
    std::vector<Shown> wanted_;
    std::vector<Shown> shown_;
};

}  // namespace demo
