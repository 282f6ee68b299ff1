// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <memory>

namespace nestling::glib {

/// One handle that GLib polls for a source. On the thread that iterates, while the source is not destroyed.
class PolledHandle {
public:
    /// May be destroyed by any thread, once it is removed, or the source destroyed.
    PolledHandle(GSource* source, int fd, GIOCondition condition);

    /// It is no longer polled.
    void remove(GSource* source) noexcept;
    /// No condition: it does not wake the loop. Wakes the GMainContext.
    void modify(GSource* source, GIOCondition condition) noexcept;
    /// What GLib found in its last poll.
    [[nodiscard]] GIOCondition found(GSource* source) const noexcept;

private:
    /// Frees what is ours of a handle that GLib polls no more.
    struct Forget {
        void operator()(gpointer tag) const noexcept;
    };

    std::unique_ptr<void, Forget> tag_;
};

}  // namespace nestling::glib
