// SPDX-License-Identifier: MIT
#include <signal.h>
#include <nestling/nestling.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "loop/context_core.hpp"
#include "support/child_process.hpp"
#include "support/descriptors.hpp"
#include "support/gate.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;
using Kind = Diagnosis::Kind;

namespace {

/// Where findings go.
class Findings {
public:
    auto note() {
        return [this](const Diagnosis& found) {
            const std::lock_guard lock(mutex_);
            all_.push_back(found);
        };
    }
    [[nodiscard]] std::vector<Diagnosis> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(all_, {});
    }

private:
    std::mutex mutex_;
    std::vector<Diagnosis> all_;
};

LoopDoctorOptions by_hand() {
    LoopDoctorOptions options;
    options.rounds = Rounds::by_hand;
    // What these tests do not ask for never comes.
    options.long_callback = 1h;
    options.stuck = 1h;
    options.starving_percent = 1000;
    return options;
}

const HandlerLoad* find(const std::vector<HandlerLoad>& loads, const std::string& name) {
    const auto at =
        std::find_if(loads.begin(), loads.end(), [&](const HandlerLoad& load) { return load.handle == name; });
    return at == loads.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("a callback that runs too long is named while it runs", "[doctor]") {
    Gate reported;
    std::optional<Diagnosis> first;
    ContextOptions context_options;
    context_options.name = "slow";
    Context context(std::move(context_options));
    LoopDoctorOptions options;
    options.period = 1ms;
    options.long_callback = 1ms;
    options.stuck = 1h;
    const auto report = [&](const Diagnosis& found) {
        if (!first && found.kind == Kind::long_callback) {
            first = found;
            reported.open();
        }
    };
    const auto run = [&](const char* name, auto begin) {
        first.reset();
        const LoopDoctor doctor(context, report, options);
        begin([&] { reported.wait(); });
        CHECK(first->handle == name);
        CHECK(first->context == "slow");
        CHECK(first->is_running);
        CHECK(first->duration >= 1ms);
    };
    SECTION("a bottom half") {
        run("half", [&](auto wait) {
            const BottomHalf half(context, "half", wait);
            half.schedule();
            context.poll(Wait::block);
        });
    }
    SECTION("a post") {
        run("post", [&](auto wait) {
            context.post("post", wait);
            context.poll(Wait::block);
        });
    }
    SECTION("a timer") {
        run("timer", [&](auto wait) {
            Timer timer(context, "timer", wait);
            timer.arm_after(0ns);
            poll_until(context, [&] { return first.has_value(); });
        });
    }
    SECTION("a descriptor") {
        const Ends ends;
        ends.put();
        run("reader", [&](auto wait) {
            const FdHandler handler(context, ends.near(), "reader",
                                    {.read = wait, .write = {}, .poll = {}, .poll_ready = {}});
            poll_until(context, [&] { return first.has_value(); });
        });
    }
}

TEST_CASE("a handler whose descriptor stays ready is named, and one that reads is not", "[doctor][N-9]") {
    Context context;
    Findings findings;
    LoopDoctor doctor(context, findings.note(), by_hand());
    const Ends lazy_ends;
    const Ends busy_ends;
    lazy_ends.put();
    int lazy_calls = 0;
    int busy_calls = 0;
    FdHandler lazy(context, lazy_ends.near(), "lazy",
                   {.read = [&] { ++lazy_calls; }, .write = {}, .poll = {}, .poll_ready = {}});
    const FdHandler busy(context, busy_ends.near(), "busy",
                         {.read =
                              [&] {
                                  ++busy_calls;
                                  busy_ends.take();
                              },
                          .write = {},
                          .poll = {},
                          .poll_ready = {}});
    const auto iterate = [&](int times) {
        for (int at = 0; at != times; ++at) {
            busy_ends.put();
            context.poll(Wait::block);
        }
    };
    iterate(1100);
    CHECK(lazy_calls == 1100);
    CHECK(busy_calls == 1100);
    CHECK(doctor.examine() == 1);
    auto found = findings.take();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == Kind::spinning);
    CHECK(found[0].handle == "lazy");
    CHECK(found[0].count >= 1000);
    // It goes on: that is known.
    iterate(1100);
    CHECK(doctor.examine() == 0);
    lazy.remove_and_wait();
    iterate(1100);
    CHECK(doctor.examine() == 0);
}

TEST_CASE("a write handler that has nothing to write is named", "[doctor][N-9]") {
    Context context;
    Findings findings;
    LoopDoctor doctor(context, findings.note(), by_hand());
    const Ends ends(Ends::Kind::socket);
    const FdHandler writer(context, ends.near(), "writer", {.read = {}, .write = [] {}, .poll = {}, .poll_ready = {}});
    for (int at = 0; at != 1100; ++at) {
        context.poll(Wait::block);
    }
    CHECK(doctor.examine() == 1);
    CHECK(findings.take()[0].handle == "writer");
}

TEST_CASE("a bottom half that schedules itself for ever is named, and so is a post", "[doctor][N-9]") {
    Context context;
    Findings findings;
    LoopDoctor doctor(context, findings.note(), by_hand());
    bool goes_on = true;
    SECTION("a bottom half") {
        BottomHalf half;
        half = BottomHalf(context, "again", [&] { half.schedule(); });
        half.schedule();
        for (int at = 0; at != 1100; ++at) {
            context.poll(Wait::block);
        }
    }
    SECTION("a post") {
        struct Again {
            Context* context;
            bool* goes_on;
            void operator()() const {
                if (*goes_on) {
                    context->post("again", *this);
                }
            }
        };
        context.post("again", Again{&context, &goes_on});
        for (int at = 0; at != 1100; ++at) {
            context.poll(Wait::block);
        }
        goes_on = false;
        context.poll(Wait::block);
    }
    CHECK(doctor.examine() == 1);
    const auto found = findings.take();
    CHECK(found[0].kind == Kind::spinning);
    CHECK(found[0].handle == "again");
}

TEST_CASE("a poll hook that is asked before each wait is no spinning", "[doctor][N-9]") {
    Context context;
    Findings findings;
    LoopDoctor doctor(context, findings.note(), by_hand());
    const Ends ends;
    int asked = 0;
    const FdHandler handler(context, ends.near(), "hooked",
                            {.read = [&] { ends.take(); },
                             .write = {},
                             .poll =
                                 [&] {
                                     ++asked;
                                     return false;
                                 },
                             .poll_ready = [] {}});
    const BottomHalf half(context, "half", [] {});
    for (int at = 0; at != 3000; ++at) {
        if (at % 3 == 0) {
            ends.put();
            half.schedule();
        }
        context.poll(Wait::none);
    }
    CHECK(asked >= 2000);
    CHECK(doctor.examine() == 0);
}

TEST_CASE("a loop that nobody runs is stuck, and one that sleeps or has no home is not", "[doctor]") {
    Findings findings;
    LoopDoctorOptions options = by_hand();
    options.stuck = 0ns;
    SECTION("nobody runs it") {
        Context context;
        LoopDoctor doctor(context, findings.note(), options);
        CHECK(doctor.examine() == 0);
        CHECK(doctor.examine() == 1);
        CHECK(findings.take()[0].kind == Kind::stuck);
        CHECK(doctor.examine() == 0);
        context.poll(Wait::none);
        CHECK(doctor.examine() == 0);
        CHECK(doctor.examine() == 1);
    }
    SECTION("it sleeps") {
        IoThread thread;
        LoopDoctor doctor(*thread.context(), findings.note(), options);
        std::size_t found = 1;
        // On a busy machine it may be woken, or be about to, when it is looked at.
        for (int attempt = 0; attempt < 10 && found != 0; ++attempt) {
            call_in(*thread.context(), [] {});
            until([&] { return thread.context()->core().queue().is_armed(); });
            found = doctor.examine() + doctor.examine() + doctor.examine();
        }
        CHECK(found == 0);
    }
    SECTION("it has no home thread") {
        Context context;
        context.release_home();
        LoopDoctor doctor(context, findings.note(), options);
        CHECK(doctor.examine() == 0);
        CHECK(doctor.examine() == 0);
        context.adopt_home();
    }
}

TEST_CASE("loads are exact, whatever kind of handle it is, and end with the doctor", "[doctor][N-12]") {
    Context context;
    Findings findings;
    int calls = 0;
    const BottomHalf half(context, "half", [&] { ++calls; });
    const auto run = [&](int times) {
        for (int at = 0; at != times; ++at) {
            half.schedule();
            context.post("post", [] {});
            context.poll(Wait::block);
        }
    };
    // Until iterations are short ones.
    run(200);
    {
        const LoopDoctor doctor(context, findings.note(), by_hand());
        run(10);
        REQUIRE(find(doctor.loads(), "half") != nullptr);
        CHECK(find(doctor.loads(), "half")->calls == 10);
        CHECK(find(doctor.loads(), "post")->calls == 10);
        CHECK(context.core().stack().is_traced());
        {
            const LoopDoctor another(context, findings.note(), by_hand());
            CHECK(find(another.loads(), "half")->calls == 10);
        }
        run(10);
        CHECK(find(doctor.loads(), "half")->calls == 20);
    }
    run(200);
    CHECK_FALSE(context.core().stack().is_traced());
    CHECK(calls == 420);
    const LoopDoctor doctor(context, findings.note(), by_hand());
    CHECK(find(doctor.loads(), "half")->calls <= 22);
}

TEST_CASE("names that go with their handle, and callbacks that throw, are no matter to a doctor", "[doctor]") {
    int thrown = 0;
    ContextOptions options;
    options.on_exception = [&](const std::exception_ptr&, const char*) { ++thrown; };
    Context context(std::move(options));
    Findings findings;
    LoopDoctor doctor(context, findings.note(), by_hand());
    for (int at = 0; at != 100; ++at) {
        auto name = std::make_unique<std::string>("handle number " + std::to_string(at));
        BottomHalf half;
        half = BottomHalf(context, name->c_str(), [&] {
            half = BottomHalf();
            name.reset();
            throw 1;
        });
        half.schedule();
        context.poll(Wait::block);
    }
    CHECK(thrown == 100);
    // All of them were in one place, one after the other; the log keeps a few.
    CHECK(doctor.loads().size() > 1);
    for (const HandlerLoad& load : doctor.loads()) {
        CHECK(load.handle.find("handle number ") == 0);
        CHECK(load.calls == 1);
    }
    CHECK(doctor.examine() == 0);
}

TEST_CASE("what a doctor looks for can be changed while it works", "[doctor][F19.5]") {
    Context context;
    Findings findings;
    LoopDoctorOptions options = by_hand();
    LoopDoctor doctor(context, findings.note(), options);
    const auto call = [&] {
        context.post("post", [] {
            const auto end = std::chrono::steady_clock::now() + 1us;
            while (std::chrono::steady_clock::now() < end) {
            }
        });
        context.poll(Wait::block);
    };
    call();
    CHECK(doctor.examine() == 0);
    options.long_callback = 1us;
    doctor.set_options(options);
    call();
    CHECK(doctor.examine() == 1);
    const auto found = findings.take();
    CHECK(found[0].kind == Kind::long_callback);
    CHECK(found[0].handle == "post");
    CHECK_FALSE(found[0].is_running);
}

TEST_CASE("a doctor of a loop on another thread comes and goes while that works", "[doctor][threads]") {
    IoThread thread;
    std::atomic<int> calls{0};
    std::atomic<bool> goes_on{true};
    BottomHalf half;
    half = BottomHalf(*thread.context(), "busy", [&] {
        ++calls;
        if (goes_on.load()) {
            half.schedule();
        }
    });
    half.schedule();
    Findings findings;
    LoopDoctorOptions options;
    options.period = 100us;
    options.spin_iterations = 1;
    for (int at = 0; at != 50; ++at) {
        const LoopDoctor doctor(*thread.context(), findings.note(), options);
        const int before = calls.load();
        until([&] { return calls.load() > before + 10; });
        static_cast<void>(doctor.loads());
    }
    goes_on.store(false);
    thread.stop();
    half = BottomHalf();
    for (const Diagnosis& found : findings.take()) {
        CHECK((found.handle == "busy" || found.handle.empty()));
    }
}

TEST_CASE("a context that goes before its doctor says so", "[doctor][death]") {
    ContextOptions options;
    options.name = "short-lived";
    auto context = std::make_unique<Context>(std::move(options));
    const LoopDoctor doctor(
        *context, [](const Diagnosis&) {}, by_hand());
    const ChildEnd end = run_in_child([] {
        ContextOptions child_options;
        child_options.name = "short-lived";
        auto own = std::make_unique<Context>(std::move(child_options));
        const LoopDoctor another(
            *own, [](const Diagnosis&) {}, by_hand());
        own.reset();
        return 0;
    });
    CHECK(end.signal == SIGABRT);
    CHECK(end.says("short-lived"));
    CHECK(end.says("LoopDoctor"));
}

TEST_CASE("a child drops the doctor that it has inherited, and may not use it", "[doctor][fork][F22.1][N-16]") {
    Context context;
    LoopDoctorOptions options;
    options.stuck = 1h;
    auto doctor = std::make_unique<LoopDoctor>(
        context, [](const Diagnosis&) {}, options);
    CHECK(run_in_child([&] {
              doctor.reset();
              return 7;
          }).exit_code == 7);
    CHECK(run_in_child([&] { return static_cast<int>(doctor->examine()); }).signal == SIGABRT);
}
