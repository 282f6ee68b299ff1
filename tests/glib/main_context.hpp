// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <functional>

namespace nestling::testing {

/// A GMainContext of the test's own.
class MainContext {
public:
    MainContext() : context_(g_main_context_new()) {}
    MainContext(const MainContext&) = delete;
    MainContext& operator=(const MainContext&) = delete;
    ~MainContext() { g_main_context_unref(context_); }

    [[nodiscard]] GMainContext* get() const noexcept { return context_; }
    /// One iteration without sleep; true if something was dispatched.
    bool look() const { return g_main_context_iteration(context_, FALSE) != FALSE; }
    /// One iteration that may sleep.
    bool sleep() const { return g_main_context_iteration(context_, TRUE) != FALSE; }
    /// Iterates until `is_done`, sleeping in between. A lost wakeup makes this hang, and the test time out.
    void run_until(const std::function<bool()>& is_done) const {
        while (!is_done()) {
            sleep();
        }
    }
    /// Iterates until nothing is dispatched any more.
    void settle() const {
        // The first ones only take note of descriptors that were added.
        for (int quiet = 0; quiet < 3;) {
            quiet = look() ? 0 : quiet + 1;
        }
    }

private:
    GMainContext* context_;
};

/// The thread-default context of this thread, for as long as this lives.
class ThreadDefault {
public:
    explicit ThreadDefault(const MainContext& context) : context_(context.get()) {
        g_main_context_push_thread_default(context_);
    }
    ThreadDefault(const ThreadDefault&) = delete;
    ThreadDefault& operator=(const ThreadDefault&) = delete;
    ~ThreadDefault() { g_main_context_pop_thread_default(context_); }

private:
    GMainContext* context_;
};

}  // namespace nestling::testing
