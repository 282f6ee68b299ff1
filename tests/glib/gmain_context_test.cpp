// SPDX-License-Identifier: MIT
// An I/O thread that runs a GMainLoop: contracts F19, and the races B-9 and B-10.
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/gate.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

/// Runs `function` once on the thread of `main`, and waits for that.
void run_on(GMainContext* main, std::function<void()> function) {
    struct Job {
        std::function<void()> function;
        Gate done;
        std::atomic<bool> is_handed_over{false};
    } job{std::move(function), {}, {}};
    // GLib's lock does this as well, but not where a ThreadSanitizer could see it.
    job.is_handed_over.store(true, std::memory_order_release);
    GSource* source = g_idle_source_new();
    const GSourceFunc run = [](gpointer data) -> gboolean {
        auto& self = *static_cast<Job*>(data);
        if (self.is_handed_over.load(std::memory_order_acquire)) {
            self.function();
        }
        self.done.open();
        return G_SOURCE_REMOVE;
    };
    g_source_set_callback(source, run, &job, nullptr);
    g_source_attach(source, main);
    job.done.wait();
    g_source_unref(source);
}

bool is_refused(IoThread& thread) {
    try {
        glib::gmain_context(thread);
        return false;
    } catch (const std::logic_error&) {
        return true;
    }
}

/// A driver that is no GMainLoop.
class NativeDriver final : public LoopDriver {
public:
    void run(const std::shared_ptr<Context>& context) override {
        while (!has_quit_) {
            context->poll(Wait::block);
        }
    }
    void quit() override { has_quit_ = true; }

private:
    bool has_quit_ = false;
};

}  // namespace

TEST_CASE("a thread has one GMainContext for good, and runs what is attached to it", "[gmain][F19.2][F19.3]") {
    IoThread thread;
    GMainContext* main = glib::gmain_context(thread);
    CHECK(main != nullptr);
    bool is_home = false;
    bool is_default = false;
    bool is_owner = false;
    run_on(main, [&] {
        is_home = thread.context()->is_home();
        is_default = g_main_context_get_thread_default() == main;
        is_owner = g_main_context_is_owner(main) != FALSE;
    });
    CHECK(is_home);
    CHECK(is_default);
    CHECK(is_owner);
    CHECK(glib::gmain_context(thread) == main);
    GMainContext* from_inside = nullptr;
    run_on(main, [&] { from_inside = glib::gmain_context(thread); });
    CHECK(from_inside == main);
}

TEST_CASE("many threads that ask for it at once get the same GMainContext", "[gmain][F19.3]") {
    for (int round = 0; round < 20; ++round) {
        IoThread thread;
        std::vector<GMainContext*> seen(8, nullptr);
        std::vector<std::thread> threads;
        Gate gate;
        for (GMainContext*& each : seen) {
            threads.emplace_back([&] {
                gate.wait();
                each = glib::gmain_context(thread);
            });
        }
        gate.open();
        for (std::thread& each : threads) {
            each.join();
        }
        REQUIRE(seen.front() != nullptr);
        REQUIRE(std::set<GMainContext*>(seen.begin(), seen.end()).size() == 1);
    }
}

TEST_CASE("the thread may ask for it itself, and owns it when its callback has returned", "[gmain][F19.3]") {
    IoThread thread;
    Gate asked;
    GMainContext* from_inside = nullptr;
    thread.context()->post("ask", [&] {
        from_inside = glib::gmain_context(thread);
        asked.open();
    });
    asked.wait();
    CHECK(glib::gmain_context(thread) == from_inside);
    bool is_home = false;
    run_on(from_inside, [&] { is_home = thread.context()->is_home(); });
    CHECK(is_home);
}

TEST_CASE("bottom halves, descriptors and timers go on inside the GMainLoop", "[gmain][F19.3]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    IoThread thread(setting.options());
    Context& context = *thread.context();
    const Ends ends;
    Gate bottom_half_ran;
    Gate timer_fired;
    Gate was_read;
    std::atomic<int> foreign{0};
    const auto note = [&](Gate& gate) {
        foreign += context.is_home() ? 0 : 1;
        gate.open();
    };
    // Made before the switch, used after it.
    BottomHalf bottom_half(context, "bh", [&] { note(bottom_half_ran); });
    Timer timer(context, "timer", [&] { note(timer_fired); });
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        note(was_read);
    };
    FdHandler handler(context, ends.near(), "fd", std::move(callbacks));
    glib::gmain_context(thread);
    bottom_half.schedule();
    bottom_half_ran.wait();
    timer.arm_after(std::chrono::microseconds(100));
    timer_fired.wait();
    ends.put();
    was_read.wait();
    CHECK(foreign == 0);
    handler.remove_and_wait();
    timer.remove_and_wait();
    bottom_half.remove_and_wait();
    thread.stop();
}

TEST_CASE("stop ends a GMainLoop that sleeps, and what was posted before runs first", "[gmain][F19.4][B-9]") {
    IoThread thread;
    glib::gmain_context(thread);
    int runs = 0;
    for (int index = 0; index < 10; ++index) {
        thread.context()->post("post", [&] { ++runs; });
    }
    thread.stop();
    CHECK(runs == 10);
    thread.stop();
}

TEST_CASE("after stop there is no GMainContext to be had", "[gmain][F19.4]") {
    SECTION("when the thread ran one") {
        IoThread thread;
        glib::gmain_context(thread);
        thread.stop();
        CHECK_THROWS_AS(glib::gmain_context(thread), std::logic_error);
    }
    SECTION("when it did not") {
        IoThread thread;
        thread.stop();
        CHECK_THROWS_AS(glib::gmain_context(thread), std::logic_error);
    }
}

TEST_CASE("a thread that another driver runs has no GMainContext", "[gmain]") {
    IoThread thread;
    thread.drive_with([]() -> std::unique_ptr<LoopDriver> { return std::make_unique<NativeDriver>(); });
    CHECK_THROWS_AS(glib::gmain_context(thread), std::logic_error);
}

TEST_CASE("stop may come right behind the switch", "[gmain][B-9][B-10]") {
    for (int round = 0; round < 200; ++round) {
        IoThread thread;
        // From a callback, so that this thread can stop it before the loop has begun to run.
        GMainContext* main = nullptr;
        Gate has_asked;
        thread.context()->post("ask", [&] {
            main = glib::gmain_context(thread);
            has_asked.open();
        });
        has_asked.wait();
        if (round % 2 == 0) {
            std::this_thread::yield();
        }
        thread.stop();
        REQUIRE(main != nullptr);
    }
}

TEST_CASE("stop may race with threads that ask for the GMainContext", "[gmain][B-9][B-10][B-35]") {
    int had = 0;
    for (int round = 0; round < 200; ++round) {
        IoThread thread;
        GMainContext* main = nullptr;
        Gate gate;
        std::thread asking([&] {
            gate.wait();
            try {
                main = glib::gmain_context(thread);
            } catch (const std::logic_error&) {
                // It was stopped already.
            }
        });
        gate.open();
        if (round % 3 != 0) {
            std::this_thread::yield();
        }
        thread.stop();
        asking.join();
        had += main != nullptr ? 1 : 0;
    }
    CAPTURE(had);
    SUCCEED("no thread hung");
}

TEST_CASE("a callback may ask for the GMainContext while another thread is in stop", "[gmain][F19.4]") {
    IoThread thread;
    GMainContext* main = glib::gmain_context(thread);
    GMainContext* from_inside = nullptr;
    Gate is_inside;
    Gate is_stopping;
    thread.context()->post("slow", [&] {
        is_inside.open();
        is_stopping.wait();
        from_inside = glib::gmain_context(thread);
    });
    is_inside.wait();
    // Other threads are refused as soon as stop() has begun.
    std::thread stopping([&] { thread.stop(); });
    while (!is_refused(thread)) {
        std::this_thread::yield();
    }
    is_stopping.open();
    stopping.join();
    CHECK(from_inside == main);
}

}  // namespace nestling::testing
