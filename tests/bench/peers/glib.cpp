// SPDX-License-Identifier: MIT
#include <glib-unix.h>
#include <glib.h>

#include <string>
#include <vector>

#include "bench/peers/peers.hpp"
#include "bench/peers/remote_queue.hpp"
#include "bench/workloads/all.hpp"

namespace bench {

namespace {

struct HookSource {
    GSource base;
    const Hook* hook;
};

gboolean run_hook_source(GSource* source, GSourceFunc, gpointer) {
    g_source_set_ready_time(source, -1);
    (*reinterpret_cast<HookSource*>(source)->hook)();
    return G_SOURCE_CONTINUE;
}

gboolean run_once(gpointer data) {
    hook_at(data)();
    return G_SOURCE_REMOVE;
}

gboolean run_for_fd(gint, GIOCondition, gpointer data) {
    hook_at(data)();
    return G_SOURCE_CONTINUE;
}

/// Plain GLib. What is triggered again is a GSource with a ready time (0: at once), which is cheaper than making an
/// idle source each time; what is posted once is an idle source of default priority, as g_main_context_invoke() makes.
/// So are distinct triggers from other threads: setting the ready time of one source among thousands costs many times
/// more.
class GlibLoop {
public:
    static constexpr bool in_glib = true;

    GlibLoop() : context_(g_main_context_new()) {}
    GlibLoop(const GlibLoop&) = delete;
    GlibLoop& operator=(const GlibLoop&) = delete;
    ~GlibLoop() {
        // The youngest first: GLib looks for their descriptors from the front of a list that is sorted the other way.
        for (auto source = sources_.rbegin(); source != sources_.rend(); ++source) {
            g_source_destroy(*source);
            g_source_unref(*source);
        }
        g_main_context_unref(context_);
    }

    void turn() { g_main_context_iteration(context_, FALSE); }
    void wait() { g_main_context_iteration(context_, TRUE); }
    void reserve(std::size_t number) {
        sources_.reserve(number);
        tasks_.reserve(number);
        timers_.reserve(number);
    }
    void watch(int fd, const Hook& hook) {
        GSource* source = g_unix_fd_source_new(fd, G_IO_IN);
        g_source_set_callback(source, reinterpret_cast<GSourceFunc>(reinterpret_cast<void (*)()>(&run_for_fd)),
                              data_of(hook), nullptr);
        adopt(source);
    }
    void add_task(const Hook& hook) { tasks_.push_back(new_hook_source(hook)); }
    void schedule(std::size_t index) { g_source_set_ready_time(tasks_[index], 0); }
    void post(const Hook& hook) {
        GSource* source = g_idle_source_new();
        g_source_set_priority(source, G_PRIORITY_DEFAULT);
        g_source_set_callback(source, &run_once, data_of(hook), nullptr);
        g_source_attach(source, context_);
        g_source_unref(source);
    }
    void set_waker(const Hook& hook) { waker_ = new_hook_source(hook); }
    void wake() { g_source_set_ready_time(waker_, 0); }
    void add_sender(const Hook& hook) { senders_.push_back(&hook); }
    void send(std::size_t index) { post(*senders_[index]); }
    void post_across(const Hook& hook) { post(hook); }
    void add_timer(const Hook& hook) { timers_.push_back(new_hook_source(hook)); }
    void arm(std::size_t index, std::int64_t now, std::int64_t delay) {
        g_source_set_ready_time(timers_[index], (now + delay + 999) / 1000);
    }
    void cancel(std::size_t index) { g_source_set_ready_time(timers_[index], -1); }

private:
    GSource* new_hook_source(const Hook& hook) {
        static GSourceFuncs functions{nullptr, nullptr, &run_hook_source, nullptr, nullptr, nullptr};
        GSource* source = g_source_new(&functions, sizeof(HookSource));
        reinterpret_cast<HookSource*>(source)->hook = &hook;
        return adopt(source);
    }
    GSource* adopt(GSource* source) {
        g_source_attach(source, context_);
        sources_.push_back(source);
        return source;
    }

    GMainContext* context_;
    std::vector<GSource*> sources_;
    std::vector<GSource*> tasks_;
    std::vector<GSource*> timers_;
    std::vector<const Hook*> senders_;
    GSource* waker_ = nullptr;
};

}  // namespace

void add_glib(Registry& to) {
    add_workloads<GlibLoop>(to, "glib",
                            std::to_string(glib_major_version) + "." + std::to_string(glib_minor_version) + "." +
                                std::to_string(glib_micro_version));
}

}  // namespace bench
