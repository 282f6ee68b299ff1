// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <nestling-lab/trace.hpp>

namespace nestling::lab {

class LabCore;
struct Watched;

/// Watches sources: puts functions in front of theirs, which tell the lab and call them.
///
/// A source finds its functions through a pointer that GLib's headers show; a watched one points into the lab, until it
/// is finalized or the lab ends. What the source changes in its own table meanwhile is followed.
class SourceWatch {
public:
    explicit SourceWatch(LabCore& core) noexcept;
    SourceWatch(const SourceWatch&) = delete;
    SourceWatch& operator=(const SourceWatch&) = delete;
    ~SourceWatch();

    SourceRecord& watch(GSource* source);
    [[nodiscard]] static SourceRecord* find(const GSource* source) noexcept;
    /// Those up to `id` are the lab's own.
    void discover_after(guint id) noexcept { last_id_ = id; }
    /// Watches what others have attached to `context`, as far as it was attached after the last call.
    void discover(GMainContext* context);
    [[nodiscard]] const std::vector<std::unique_ptr<SourceRecord>>& records() const noexcept { return records_; }
    /// The numbers of those that other threads have finalized since the last call.
    [[nodiscard]] std::vector<unsigned> take_finalized_elsewhere();

private:
    friend struct Watched;

    LabCore& core_;
    std::vector<std::unique_ptr<SourceRecord>> records_;
    std::vector<std::unique_ptr<Watched>> watched_;
    guint last_id_ = 0;
    std::vector<unsigned> finalized_elsewhere_;
    /// So that a step need not lock.
    std::atomic<bool> has_finalized_elsewhere_{false};
};

}  // namespace nestling::lab
