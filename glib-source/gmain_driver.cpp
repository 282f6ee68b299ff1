// SPDX-License-Identifier: MIT
#include <nestling-glib/source.hpp>

#include <condition_variable>
#include <mutex>
#include <stdexcept>

namespace nestling::glib {

namespace {

/// Runs a thread's context inside a GMainLoop of that thread.
class GMainDriver final : public LoopDriver {
public:
    GMainDriver() : main_context_(g_main_context_new()), loop_(g_main_loop_new(main_context_, FALSE)) {
        g_source_set_static_name(quit_, "nestling quit");
        g_source_set_priority(quit_, G_PRIORITY_DEFAULT);
        g_source_set_callback(
            quit_,
            [](gpointer loop) -> gboolean {
                g_main_loop_quit(static_cast<GMainLoop*>(loop));
                return G_SOURCE_REMOVE;
            },
            loop_, nullptr);
    }
    GMainDriver(const GMainDriver&) = delete;
    GMainDriver& operator=(const GMainDriver&) = delete;

    ~GMainDriver() override {
        g_source_destroy(quit_);
        g_source_unref(quit_);
        g_main_loop_unref(loop_);
        g_main_context_unref(main_context_);
    }

    void run(const std::shared_ptr<Context>& context) override {
        // Before anything of GLib's runs here: what it attaches must find this context.
        g_main_context_push_thread_default(main_context_);
        {
            const std::lock_guard lock(mutex_);
            is_owned_ = true;
            owned_.notify_all();
        }
        {
            const Attachment attachment = attach(context, Preset::daemon, main_context_);
            g_main_loop_run(loop_);
        }
        g_main_context_pop_thread_default(main_context_);
    }

    void quit() override {
        // Not at once: a function that was invoked before stop(), with the usual priority, is to run before that. The
        // context may come to the stop while GLib has not yet looked at what was invoked. Also a quit() that comes
        // before the loop runs is not lost.
        g_source_attach(quit_, main_context_);
    }

    /// Any thread but the driver's own. Until the thread owns the GMainContext, g_main_context_invoke() and iteration
    /// from any other thread would run things on that other thread.
    void wait_until_owned() {
        std::unique_lock lock(mutex_);
        owned_.wait(lock, [this] { return is_owned_; });
    }

    [[nodiscard]] GMainContext* main_context() const noexcept { return main_context_; }

private:
    GMainContext* main_context_;
    GMainLoop* loop_;
    /// Ends the loop; attached when that is to happen.
    GSource* const quit_ = g_idle_source_new();

    std::mutex mutex_;
    std::condition_variable owned_;
    bool is_owned_ = false;
};

}  // namespace

GMainContext* gmain_context(IoThread& thread) {
    auto* driver = dynamic_cast<GMainDriver*>(
        &thread.drive_with([]() -> std::unique_ptr<LoopDriver> { return std::make_unique<GMainDriver>(); }));
    if (driver == nullptr) {
        throw std::logic_error("nestling: the thread runs another driver than a GMainLoop");
    }
    if (!thread.context()->is_home()) {
        driver->wait_until_owned();
    }
    return driver->main_context();
}

}  // namespace nestling::glib
