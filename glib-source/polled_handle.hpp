// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

namespace nestling::glib {

/// One handle that GLib polls for a source. On the thread that iterates, while the source is not destroyed.
class PolledHandle {
public:
    PolledHandle(GSource* source, int fd, GIOCondition condition);
    PolledHandle(PolledHandle&& other) noexcept;
    PolledHandle& operator=(PolledHandle&& other) noexcept;
    PolledHandle(const PolledHandle&) = delete;
    PolledHandle& operator=(const PolledHandle&) = delete;
    /// Any thread. Of a source that is destroyed, or that it was removed from.
    ~PolledHandle();

    /// It is no longer polled.
    void remove(GSource* source) noexcept;
    /// No condition: it does not wake the loop. Wakes the GMainContext.
    void modify(GSource* source, GIOCondition condition) noexcept;
    /// What GLib found in its last poll.
    [[nodiscard]] GIOCondition found(GSource* source) const noexcept;

private:
    gpointer tag_;
};

}  // namespace nestling::glib
