// SPDX-License-Identifier: MIT
// Call sequences D, E and F: which thread is which.
#include <glib.h>

#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "glib/logs.hpp"
#include "glib/poll_hook.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("what is invoked on an I/O thread's GMainContext runs on that thread, at once after gmain_context()",
          "[sequence][D][F19.3]") {
    for (int round = 0; round < 20; ++round) {
        IoThread thread;
        GMainContext* main = glib::gmain_context(thread);
        struct Invoked {
            Context* context;
            bool on_home = false;
        } invoked{thread.context().get()};
        const GSourceFunc note = [](gpointer data) -> gboolean {
            auto& self = *static_cast<Invoked*>(data);
            self.on_home = self.context->is_home();
            return G_SOURCE_REMOVE;
        };
        g_main_context_invoke(main, note, &invoked);
        thread.stop();
        REQUIRE(invoked.on_home);
    }
}

TEST_CASE("what is invoked on an I/O thread's GMainContext before stop() runs, however busy the context is",
          "[F19.3]") {
    for (int round = 0; round < 50; ++round) {
        // Before the thread: ThreadSanitizer does not see what orders GLib's invocations.
        std::atomic<bool> has_run{false};
        IoThread thread;
        GMainContext* main = glib::gmain_context(thread);
        BottomHalf busy;
        busy = BottomHalf(*thread.context(), "busy", [&busy] { busy.schedule(); });
        busy.schedule();
        const GSourceFunc note = [](gpointer data) -> gboolean {
            static_cast<std::atomic<bool>*>(data)->store(true);
            return G_SOURCE_REMOVE;
        };
        g_main_context_invoke(main, note, &has_run);
        thread.stop();
        CHECK(has_run);
    }
}

TEST_CASE("iteration on a foreign thread dispatches nothing, says so once and does not spin",
          "[sequence][E][R9][B-34]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    const Logs logs;
    Nested nested(setting);
    const Ends ends;
    int runs = 0;
    FdCallbacks callbacks;
    callbacks.read = [&] {
        ends.take();
        ++runs;
    };
    const FdHandler handler(*nested.context, ends.near(), "fd", std::move(callbacks));
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    Timer timer(*nested.context, "timer", [&] { ++runs; });
    nested.main.settle();
    bottom_half.schedule();
    timer.arm_at(clock_now(Clock::monotonic));
    ends.put();
    SECTION("when the home thread had looked before") {
        CHECK(g_main_context_pending(nested.main.get()) != FALSE);
    }
    SECTION("when nobody had looked") {}
    int awake = 0;
    std::thread([&] {
        const PollHook hook(nested.main, [&](GPollFD* fds, guint size, int) {
            const int ready = poll_glib(fds, size, 0);
            awake += ready != 0 ? 1 : 0;
            return ready;
        });
        for (int round = 0; round < 20; ++round) {
            nested.main.look();
        }
    }).join();
    CHECK(runs == 0);
    // The first may still belong to what GLib was told at home, and GLib wakes itself when it is told to ask for less.
    CHECK(awake <= 2);
    CHECK(logs.count("nestling", "\"test\" is iterated on a thread that is not its home thread") == 1);
    nested.main.run_until([&] { return runs == 3; });
    CHECK(runs == 3);
    // And readiness is waited for again.
    ends.put();
    nested.main.run_until([&] { return runs == 4; });
    CHECK(logs.size() == 1);
}

TEST_CASE("a context that was handed over is dispatched on its new home thread", "[sequence][E][R9]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    const Logs logs;
    Nested nested(setting);
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    nested.main.settle();
    bottom_half.schedule();
    nested.context->release_home();
    std::thread([&] {
        nested.context->adopt_home();
        nested.main.run_until([&] { return runs == 1; });
        nested.context->release_home();
    }).join();
    nested.context->adopt_home();
    CHECK(runs == 1);
    bottom_half.schedule();
    nested.main.run_until([&] { return runs == 2; });
    CHECK(logs.text() == "");
}

TEST_CASE("the last reference to a source may be dropped on another thread, at any time", "[sequence][F][R5][G4.9]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    const MainContext main;
    const auto context = std::make_shared<Context>(setting.options());
    int runs = 0;
    const BottomHalf bottom_half(*context, "bh", [&] { ++runs; });
    glib::Attachment attachment = glib::attach(context, {}, main.get());
    main.settle();
    const auto drop = [&] { std::thread([&] { attachment = glib::Attachment(); }).join(); };
    SECTION("while nothing happens") {
        drop();
    }
    SECTION("with work pending") {
        bottom_half.schedule();
        drop();
    }
    SECTION("between prepare and poll") {
        const PollHook hook(main, [&](GPollFD* fds, guint size, int timeout) {
            drop();
            bottom_half.schedule();
            return poll_glib(fds, size, timeout);
        });
        main.look();
    }
    SECTION("between poll and check") {
        bottom_half.schedule();
        const PollHook hook(main, [&](GPollFD* fds, guint size, int timeout) {
            const int ready = poll_glib(fds, size, timeout);
            drop();
            return ready;
        });
        main.look();
    }
    CHECK(attachment.source() == nullptr);
    main.settle();
    // The context is whole: natively, and in a source of its own again.
    bottom_half.schedule();
    context->poll(Wait::block);
    CHECK(runs == 1);
    attachment = glib::attach(context, {}, main.get());
    bottom_half.schedule();
    main.run_until([&] { return runs == 2; });
    CHECK(runs == 2);
    attachment = glib::Attachment();
}

TEST_CASE("sources come and go on another thread while their context is iterated", "[sequence][F][R15]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    const Logs logs;
    const MainContext main;
    const auto context = std::make_shared<Context>(setting.options());
    std::atomic<bool> is_done{false};
    int runs = 0;
    const BottomHalf bottom_half(*context, "bh", [&] { ++runs; });
    std::thread other([&] {
        for (int round = 0; round < 300; ++round) {
            try {
                const glib::Attachment attachment = glib::attach(context, {}, main.get());
                bottom_half.schedule();
            } catch (const std::system_error& error) {
                // The one before is still being dispatched.
                if (error.code() != std::errc::device_or_resource_busy) {
                    throw;
                }
            }
        }
        is_done = true;
        g_main_context_wakeup(main.get());
    });
    main.run_until([&] { return is_done.load(); });
    other.join();
    main.settle();
    bottom_half.schedule();
    const int before = runs;
    context->poll(Wait::none);
    CHECK(runs >= before);
    CHECK(runs > 0);
    CHECK(logs.text() == "");
}

}  // namespace nestling::testing
