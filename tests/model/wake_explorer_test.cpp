// SPDX-License-Identifier: MIT
// The headers that ship, with the atomics of the explorer: producers publish to a loop that sleeps.
#include <array>
#include <cstdio>
#include <string_view>

#include "model/explorer/explore.hpp"
#include "support/testing.hpp"
#include "sync/bottom_half_state.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"

namespace {

using namespace nestling::model;
using namespace nestling::sync;

template <std::size_t Producers, std::size_t Rounds, class Wake>
struct Publishing {
    struct Work : PendingNode<ModelAtomics> {
        ModelAtomics::Plain<int> payload;
    };

    Wake wake;
    Event event;
    std::array<std::array<Work, Rounds>, Producers> work;
    std::size_t taken = 0;
    std::size_t sleeps = 0;

    Publishing() {
        const bool is_seed = std::string_view(Wake::name) == "seed";
        is_seed ? name(wake, "seed", {"list", "kicked", "notified", "notify_me"}) : name(wake, "word");
        name(event, "event");
        for (std::size_t i = 0; i < Producers * Rounds; ++i) {
            name(work[i / Rounds][i % Rounds], "work", i, {"next", "payload"});
        }
    }

    void produce(std::size_t who) {
        for (Work& item : work[who]) {
            item.payload.store(1);
            wake.publish(item, event);
        }
    }

    void take(typename Wake::Node* list) {
        while (list != nullptr) {
            assert_that(static_cast<Work*>(list)->payload.load() == 1, "what was published is complete");
            static_cast<Work*>(list)->payload.store(0);
            list = list->next.load();
            ++taken;
        }
    }

    void consume() {
        while (taken != Producers * Rounds) {
            if (wake.announce(Sleeper::native)) {
                ++sleeps;
                event.wait();
                take(wake.accept(event, EventSeen::yes, Ended::native_wait));
            } else {
                take(wake.accept(event, EventSeen::no, Ended::nothing));
            }
        }
    }

    void check() {
        if (std::string_view(Wake::name) == "oneword") {
            assert_that(event.writes() <= sleeps, "one write for each sleep");
        }
    }
};

template <std::size_t Producers, std::size_t Rounds, class Wake>
Result publish(const Options& options) {
    using State = Publishing<Producers, Rounds, Wake>;
    Program<State> program;
    program.thread("loop", [](State& state) { state.consume(); });
    for (std::size_t i = 0; i < Producers; ++i) {
        program.thread("producer " + std::to_string(i + 1), [i](State& state) { state.produce(i); });
    }
    program.at_end([](State& state) { state.check(); });
    return explore(program, options);
}

Options within(Bounds bounds) {
    Options options;
    options.bounds = bounds;
    return options;
}

using Oneword = WakeOneword<ModelAtomics>;
using Seed = WakeSeed<ModelAtomics>;

struct OnewordPushRelaxed : OnewordOrders {
    static constexpr std::memory_order publish_push = std::memory_order_relaxed;
};
struct OnewordTakeRelaxed : OnewordOrders {
    static constexpr std::memory_order accept_take = std::memory_order_relaxed;
};
struct SeedPublishFenceNone : SeedOrders {
    static constexpr std::memory_order publish_fence = std::memory_order_relaxed;
};
struct SeedPublishFenceAcqRel : SeedOrders {
    static constexpr std::memory_order publish_fence = std::memory_order_acq_rel;
};
struct SeedAnnounceFenceNone : SeedOrders {
    static constexpr std::memory_order announce_fence = std::memory_order_relaxed;
};
struct SeedPushRelaxed : SeedOrders {
    static constexpr std::memory_order publish_push = std::memory_order_relaxed;
};
struct SeedTakeRelaxed : SeedOrders {
    static constexpr std::memory_order accept_take = std::memory_order_relaxed;
};
struct ScheduleReleaseOnly : BottomHalfOrders {
    static constexpr std::memory_order schedule = std::memory_order_release;
};
struct ScheduleAcquireOnly : BottomHalfOrders {
    static constexpr std::memory_order schedule = std::memory_order_acquire;
};
struct DequeueFenceNone : BottomHalfOrders {
    static constexpr std::memory_order dequeue_fence = std::memory_order_relaxed;
};
struct DequeueAcquireOnly : BottomHalfOrders {
    static constexpr std::memory_order dequeue = std::memory_order_acquire;
};

/// Two producers schedule the same bottom half; the loop runs until the callback has seen both.
template <class Orders>
struct Scheduling {
    struct BottomHalf : PendingNode<ModelAtomics> {
        BottomHalfState<ModelAtomics, Orders> state;
    };

    Oneword wake;
    Event event;
    BottomHalf bottom_half;
    std::array<ModelAtomics::Atomic<int>, 2> wanted;
    int calls = 0;

    Scheduling() {
        name(wake, "word");
        name(event, "event");
        name(bottom_half, "bh", {"next", "flags"});
        name(wanted, "wanted");
    }

    void produce(std::size_t who) {
        wanted[who].store(1, std::memory_order_relaxed);
        const ScheduleStep step = bottom_half.state.schedule();
        if (step == ScheduleStep::publish) {
            wake.publish(bottom_half, event);
        }
        assert_that(step != ScheduleStep::notify, "nobody cancels here");
    }

    void consume() {
        int seen = 0;
        while (seen != 2) {
            const bool sleeps = wake.announce(Sleeper::native);
            if (sleeps) {
                event.wait();
            }
            const auto seen_event = sleeps ? EventSeen::yes : EventSeen::no;
            if (wake.accept(event, seen_event, sleeps ? Ended::native_wait : Ended::nothing) != nullptr) {
                bottom_half.state.dequeue();
                ++calls;
                seen = 0;
                for (auto& value : wanted) {
                    seen += value.load(std::memory_order_relaxed);
                }
            }
        }
        assert_that(calls <= 2, "no call without a reason");
    }
};

template <class Orders>
Result schedule(const Options& options) {
    using State = Scheduling<Orders>;
    Program<State> program;
    program.thread("loop", [](State& state) { state.consume(); });
    program.thread("producer 1", [](State& state) { state.produce(0); });
    program.thread("producer 2", [](State& state) { state.produce(1); });
    return explore(program, options);
}

void expect_ok(const Result& result) {
    std::printf("%s\n", result.describe().c_str());
    CHECK(result.ok());
}

void expect(Failure failure, const Result& result) {
    std::printf("%s\n", result.describe().c_str());
    CHECK(result.failure == failure);
}

}  // namespace

TEST_CASE("oneword loses nothing: one producer, in all executions there are") {
    expect_ok(publish<1, 1, Oneword>(within(no_bounds)));
    expect_ok(publish<1, 2, Oneword>(within(no_bounds)));
}

TEST_CASE("oneword loses nothing: two producers") {
    expect_ok(publish<2, 1, Oneword>(within(no_bounds)));
}

TEST_CASE("seed loses nothing: one producer") {
    expect_ok(publish<1, 1, Seed>(within(no_bounds)));
    expect_ok(publish<1, 2, Seed>(within({3, 2, 1})));
}

TEST_CASE("seed loses nothing: two producers") {
    expect_ok(publish<2, 1, Seed>(within({3, 2, 1})));
}

TEST_CASE("Each weakened order of oneword is found") {
    expect(Failure::data_race, publish<1, 1, WakeOneword<ModelAtomics, OnewordPushRelaxed>>(within({})));
    expect(Failure::data_race, publish<1, 1, WakeOneword<ModelAtomics, OnewordTakeRelaxed>>(within({})));
}

TEST_CASE("Each weakened order of seed is found") {
    expect(Failure::lost_wakeup, publish<1, 1, WakeSeed<ModelAtomics, SeedPublishFenceNone>>(within({})));
    expect(Failure::lost_wakeup, publish<1, 1, WakeSeed<ModelAtomics, SeedPublishFenceAcqRel>>(within({})));
    expect(Failure::lost_wakeup, publish<1, 1, WakeSeed<ModelAtomics, SeedAnnounceFenceNone>>(within({})));
    expect(Failure::data_race, publish<1, 1, WakeSeed<ModelAtomics, SeedPushRelaxed>>(within({})));
    expect(Failure::data_race, publish<1, 1, WakeSeed<ModelAtomics, SeedTakeRelaxed>>(within({})));
}

TEST_CASE(
    "A bottom half that several threads schedule runs with what they wrote before, and runs last after the last") {
    expect_ok(schedule<BottomHalfOrders>(within(no_bounds)));
    CHECK_FALSE(schedule<ScheduleReleaseOnly>(within(no_bounds)).ok());
    CHECK_FALSE(schedule<ScheduleAcquireOnly>(within(no_bounds)).ok());
    CHECK_FALSE(schedule<DequeueFenceNone>(within(no_bounds)).ok());
    CHECK_FALSE(schedule<DequeueAcquireOnly>(within(no_bounds)).ok());
}
