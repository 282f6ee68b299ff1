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
    GMainDriver() : main_context_(g_main_context_new()), loop_(g_main_loop_new(main_context_, FALSE)) {}
    GMainDriver(const GMainDriver&) = delete;
    GMainDriver& operator=(const GMainDriver&) = delete;

    ~GMainDriver() override {
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
            // The loop object has no memory of a quit() that came before it ran.
            if (!has_quit_) {
                g_main_loop_run(loop_);
            }
        }
        g_main_context_pop_thread_default(main_context_);
    }

    void quit() override {
        has_quit_ = true;
        g_main_loop_quit(loop_);
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
    // Home thread.
    bool has_quit_ = false;

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
