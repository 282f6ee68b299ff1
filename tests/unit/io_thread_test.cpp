// SPDX-License-Identifier: MIT
#include <nestling/io_thread.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <nestling/bottom_half.hpp>
#include <nestling/timer.hpp>

#include "loop/context_core.hpp"
#include "support/fault_injection.hpp"
#include "support/gate.hpp"
#include "support/monitor_kinds.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "unit/no_threads.hpp"

namespace nestling::testing {

namespace {

/// Iterates with poll(), and counts what is done with it.
class PollingDriver final : public LoopDriver {
public:
    struct Counts {
        std::atomic<int> runs{0};
        std::atomic<int> quits{0};
        std::atomic<int> at_home{0};
        std::atomic<int> destroyed{0};
    };

    explicit PollingDriver(Counts& counts) : counts_(counts) {}
    PollingDriver(const PollingDriver&) = delete;
    PollingDriver& operator=(const PollingDriver&) = delete;
    ~PollingDriver() override { counts_.destroyed += 1; }

    void run(const std::shared_ptr<Context>& context) override {
        counts_.runs += 1;
        counts_.at_home += context->is_home() ? 1 : 0;
        while (!is_quit_) {
            context->poll(Wait::block);
        }
    }
    void quit() override {
        counts_.quits += 1;
        is_quit_ = true;
    }

private:
    Counts& counts_;
    bool is_quit_ = false;
};

std::error_code refusal() {
    try {
        const IoThread thread;
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

}  // namespace

TEST_CASE("a thread is started and stopped two hundred times, and runs what is posted before it is stopped") {
    int ran = 0;
    int started = 0;
    constexpr int rounds = 200;
    for (int round = 0; round < rounds; ++round) {
        IoThread thread;
        started += thread.context()->core().home().is_set() ? 1 : 0;
        for (int count = 0; count < 10; ++count) {
            thread.context()->post("count", [&ran] { ++ran; });
        }
        thread.stop();
    }
    CHECK(ran == 10 * rounds);
    // The constructor returns when the loop is running.
    CHECK(started == rounds);
}

TEST_CASE("callbacks of the context run on the new thread") {
    IoThread thread;
    CHECK_FALSE(thread.context()->is_home());
    std::thread::id ran_on;
    bool was_home = false;
    thread.context()->post("look", [&] {
        ran_on = std::this_thread::get_id();
        was_home = thread.context()->is_home();
    });
    thread.stop();
    CHECK(was_home);
    CHECK(ran_on != std::thread::id());
    CHECK(ran_on != std::this_thread::get_id());
}

TEST_CASE("the context keeps the options it was given, but for its home") {
    ContextOptions options;
    options.name = "a name that is longer than the system keeps for a thread";
    options.monitor = monitor_kinds().back();
    options.home = Home::creating_thread;
    IoThread thread(options);
    CHECK(thread.context()->name() == options.name);
    CHECK(thread.context()->monitor().kind == options.monitor);
    CHECK_FALSE(thread.context()->is_home());
}

TEST_CASE("a thread is stopped by another one, twice, by two at once, and by its destructor") {
    std::optional<IoThread> thread;
    thread.emplace();
    std::atomic<int> ran{0};
    thread->context()->post("count", [&ran] { ran.fetch_add(1); });
    SECTION("by another thread, then again") {
        std::thread other([&] { thread->stop(); });
        other.join();
        CHECK(ran.load() == 1);
        thread->stop();
    }
    SECTION("by two threads at once, and each returns when the loop has ended") {
        std::atomic<int> early{0};
        std::vector<std::thread> others;
        for (int count = 0; count < 2; ++count) {
            others.emplace_back([&] {
                thread->stop();
                early += thread->context()->core().home().is_set() ? 1 : 0;
            });
        }
        for (std::thread& other : others) {
            other.join();
        }
        CHECK(early.load() == 0);
    }
    SECTION("by its destructor") {
        thread.reset();
    }
    thread.reset();
    CHECK(ran.load() == 1);
}

TEST_CASE("the context outlives its thread, has no home then, and can be adopted") {
    std::shared_ptr<Context> context;
    int ran = 0;
    {
        IoThread thread;
        context = thread.context();
    }
    context->post("later", [&ran] { ++ran; });
    CHECK_FALSE(context->is_home());
    context->adopt_home();
    CHECK(context->poll(Wait::none));
    CHECK(ran == 1);
}

TEST_CASE("handles that are destroyed after the thread has stopped are no posts that were lost") {
    std::vector<std::string> reports;
    ContextOptions options;
    options.on_report = [&reports](const Report& report) { reports.push_back(report.text); };
    auto thread = std::make_unique<IoThread>(options);
    {
        BottomHalf bottom_half(*thread->context(), "bottom half", [] {});
        Timer timer(*thread->context(), "timer", [] {});
        bottom_half.schedule();
        timer.arm_after(std::chrono::hours(1));
        thread->stop();
    }
    thread.reset();
    CHECK(reports.empty());
}

TEST_CASE("posts that come after the thread has stopped are reported as lost") {
    std::vector<Report> reports;
    ContextOptions options;
    options.on_report = [&reports](const Report& report) { reports.push_back(report); };
    auto thread = std::make_unique<IoThread>(options);
    thread->stop();
    thread->context()->post("late", [] {});
    thread->context()->post("late", [] {});
    thread.reset();
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].kind == Report::Kind::dropped_posts);
    CHECK(reports[0].text.find("2 posts") == 0);
}

TEST_CASE("a driver takes the loop over, once and for good") {
    PollingDriver::Counts counts;
    int made = 0;
    int ran = 0;
    {
        IoThread thread;
        const auto make = [&]() -> std::unique_ptr<LoopDriver> {
            ++made;
            return std::make_unique<PollingDriver>(counts);
        };
        LoopDriver& first = thread.drive_with(make);
        LoopDriver& second = thread.drive_with(make);
        CHECK(&first == &second);
        CHECK(made == 1);
        thread.context()->post("count", [&ran] { ++ran; });
        thread.stop();
        CHECK(ran == 1);
        CHECK(counts.runs.load() == 1);
        CHECK(counts.at_home.load() == 1);
        CHECK(counts.quits.load() == 1);
        CHECK(counts.destroyed.load() == 0);
        CHECK_THROWS_AS(thread.drive_with(make), std::logic_error);
        CHECK(made == 1);
    }
    CHECK(counts.destroyed.load() == 1);
}

TEST_CASE("a driver runs once though stop() comes right behind the switch, two hundred times") {
    PollingDriver::Counts counts;
    constexpr int rounds = 200;
    for (int round = 0; round < rounds; ++round) {
        IoThread thread;
        thread.drive_with([&counts] { return std::make_unique<PollingDriver>(counts); });
        thread.stop();
    }
    CHECK(counts.runs.load() == rounds);
    CHECK(counts.quits.load() == rounds);
    CHECK(counts.destroyed.load() == rounds);
}

TEST_CASE("when a driver cannot be made the loop goes on as before, and another may be tried") {
    PollingDriver::Counts counts;
    IoThread thread;
    CHECK_THROWS_AS(thread.drive_with([]() -> std::unique_ptr<LoopDriver> { throw std::runtime_error("no driver"); }),
                    std::runtime_error);
    CHECK_THROWS_AS(thread.drive_with([]() -> std::unique_ptr<LoopDriver> { return nullptr; }), std::logic_error);
    Gate gate;
    thread.context()->post("open", [&gate] { gate.open(); });
    gate.wait();
    thread.drive_with([&counts] { return std::make_unique<PollingDriver>(counts); });
    thread.stop();
    CHECK(counts.runs.load() == 1);
}

TEST_CASE("drive_with() on the thread itself is refused while another thread waits in stop()") {
    IoThread thread;
    Gate started;
    bool was_refused = false;
    PollingDriver::Counts counts;
    thread.context()->post("drive", [&] {
        started.open();
        // The next progress is what stop() has posted: the other thread is in stop() for sure.
        while (!thread.context()->poll(Wait::block)) {
        }
        try {
            thread.drive_with([&counts] { return std::make_unique<PollingDriver>(counts); });
        } catch (const std::logic_error&) {
            was_refused = true;
        }
    });
    started.wait();
    thread.stop();
    CHECK(was_refused);
    CHECK(counts.runs.load() == 0);
}

TEST_CASE("a thread that cannot be had says why, and nothing stays open") {
    const std::size_t before = count_open_fds();
    {
        const FailingCreation failing(Creation::eventfd, too_many_open);
        const FailingCreation failing_pipe(Creation::pipe2, too_many_open);
        const FailingCreation failing_event(Creation::event, too_many_open);
        CHECK(refusal() == std::errc::too_many_files_open);
    }
    {
        const NoThreads none;
        CHECK(refusal() == std::errc::resource_unavailable_try_again);
    }
    CHECK(count_open_fds() == before);
    CHECK_FALSE(refusal());
    CHECK(count_open_fds() == before);
}

}  // namespace nestling::testing
