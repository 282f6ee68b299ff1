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

/// The groups that waste most, most wasteful first. Rows that did not change are left alone.
class GroupList {
public:
    /// Names are shown relative to `root`; empty: as they are.
    explicit GroupList(std::string root);
    ~GroupList();
    GroupList(const GroupList&) = delete;
    GroupList& operator=(const GroupList&) = delete;

    [[nodiscard]] GtkWidget* widget() const noexcept { return stack_; }
    void update(const DuplicateFinder& finder);
    void clear();

    static constexpr std::size_t most_rows = 200;

private:
    using Shown = std::pair<std::size_t, std::uint64_t>;  ///< index and version of a group

    static std::vector<Shown> rank(const DuplicateFinder& finder);
    [[nodiscard]] GObject* make_row(const DuplicateFinder& finder, std::size_t group) const;
    [[nodiscard]] std::string shown_name(const std::string& path) const;

    std::string root_;
    GListStore* rows_;
    GtkWidget* stack_;
    GtkWidget* empty_;
    std::vector<Shown> shown_;
    std::uint64_t groups_seen_ = 0;
    std::uint64_t wasted_seen_ = 0;
    std::uint64_t files_seen_ = 0;
};

}  // namespace demo
