// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <functional>
#include <utility>
#include <vector>

#include "glib/main_context.hpp"

namespace nestling::testing {

/// GLib's own.
inline int poll_glib(GPollFD* fds, guint size, int timeout) {
    return g_poll(fds, size, timeout);
}

/// Stands between a GMainContext and its poll(2) on this thread, and remembers what was asked.
class PollHook {
public:
    using Function = std::function<int(GPollFD* fds, guint size, int timeout)>;

    explicit PollHook(const MainContext& context, Function function = poll_glib)
        : context_(context.get()),
          old_(g_main_context_get_poll_func(context_)),
          function_(std::move(function)),
          outer_(std::exchange(current_, this)) {
        g_main_context_set_poll_func(context_, &PollHook::poll);
    }
    PollHook(const PollHook&) = delete;
    PollHook& operator=(const PollHook&) = delete;
    ~PollHook() {
        g_main_context_set_poll_func(context_, old_);
        current_ = outer_;
    }

    [[nodiscard]] std::size_t count() const noexcept { return timeouts_.size(); }
    /// What GLib was willing to sleep, call by call.
    [[nodiscard]] const std::vector<int>& timeouts() const noexcept { return timeouts_; }

private:
    static int poll(GPollFD* fds, guint size, int timeout) {
        PollHook& self = *current_;
        self.timeouts_.push_back(timeout);
        return self.function_(fds, size, timeout);
    }

    static inline thread_local PollHook* current_ = nullptr;

    GMainContext* context_;
    GPollFunc old_;
    Function function_;
    PollHook* outer_;
    std::vector<int> timeouts_;
};

}  // namespace nestling::testing
