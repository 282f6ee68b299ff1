// SPDX-License-Identifier: MIT
#include "loop/timer_wheel.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <unordered_map>
#include <vector>

#include "support/testing.hpp"
#include "unit/seed.hpp"
#include "unit/timer_nodes.hpp"

namespace nestling::testing {

namespace {

using loop::TimerList;
using loop::TimerNode;
using loop::TimerWheel;

constexpr int most_early_wakes = 11;

/// A wheel and what it is to do, by a container that is slow and obvious.
class Reference {
public:
    explicit Reference(std::int64_t time, std::uint32_t turns = 0) : time_(time), wheel_(time, turns) {}

    void insert(TimerNode& node, std::int64_t deadline) {
        if (const auto before = place_.find(&node); before != place_.end()) {
            armed_.erase(before->second);
            TimerWheel::cancel(node);
        }
        wheel_.insert(node, deadline);
        // Equal keys keep the order of insertion.
        place_[&node] = armed_.emplace(std::max<std::int64_t>(deadline, 0), &node);
    }
    void cancel(TimerNode& node) {
        wheel_.cancel(node);
        armed_.erase(place_.at(&node));
        place_.erase(&node);
    }
    /// What both say about the timers that are due at `now`; the first difference is a failure.
    std::size_t advance(std::int64_t now) {
        time_ = now;
        TimerList list;
        wheel_.advance(now, list);
        std::vector<TimerNode*> expected;
        while (!armed_.empty() && armed_.begin()->first <= now) {
            expected.push_back(armed_.begin()->second);
            place_.erase(armed_.begin()->second);
            armed_.erase(armed_.begin());
        }
        const std::vector<TimerNode*> due = take_all(list);
        for (TimerNode* node : due) {
            node->deadline = -1;
        }
        const bool is_same = due == expected;
        REQUIRE(is_same);
        return due.size();
    }
    void check_outlook() {
        REQUIRE(wheel_.empty() == armed_.empty());
        const std::int64_t next = wheel_.next_deadline();
        if (armed_.empty()) {
            REQUIRE(next == -1);
            return;
        }
        const std::int64_t earliest = armed_.begin()->first;
        REQUIRE(next >= 0);
        REQUIRE(next <= earliest);
        if (earliest > time_) {
            REQUIRE(next > time_);
        }
    }

    [[nodiscard]] std::int64_t time() const { return time_; }
    [[nodiscard]] const std::multimap<std::int64_t, TimerNode*>& armed() const { return armed_; }
    [[nodiscard]] std::int64_t next() { return wheel_.next_deadline(); }

private:
    std::int64_t time_;
    TimerWheel wheel_;
    std::multimap<std::int64_t, TimerNode*> armed_;
    std::unordered_map<TimerNode*, std::multimap<std::int64_t, TimerNode*>::iterator> place_;
};

}  // namespace

TEST_CASE("the wheel does what a sorted container does, at all magnitudes from 1 ns to 10^18 ns") {
    const std::uint64_t seed = random_seed();
    CAPTURE(seed);
    Random random(seed);
    // The wheel's time is never later than 4 * 10^18, so that no deadline overflows.
    const std::int64_t start = GENERATE(std::int64_t{0}, std::int64_t{1}, std::int64_t{1'000'000'007},
                                        std::int64_t{0xFFFFFFFFFFFFLL}, std::int64_t{3'999'999'999'999'999'999});
    CAPTURE(start);
    TimerNodes nodes;
    // In some runs the numbers of armings begin anew on the way.
    Reference reference(start, GENERATE(0U, ~0U - 500U));
    // Used again and again, also while they are armed: few enough to be found where they were left.
    std::vector<TimerNode*> all;
    for (int count = 0; count < 200; ++count) {
        all.push_back(&nodes.make());
    }
    std::size_t fired = 0;
    const auto any_armed = [&] {
        return std::next(reference.armed().begin(),
                         random.below(static_cast<std::ptrdiff_t>(reference.armed().size())));
    };
    for (int step = 0; step < 20000; ++step) {
        const int choice = random.below(10);
        if (choice < 5) {
            TimerNode& node = *all[static_cast<std::size_t>(random.below(200))];
            if (!node.is_armed() && random.below(4) == 0) {
                TimerWheel::unlink(node);
            }
            std::int64_t deadline = reference.time() + random.of_any_magnitude(18);
            if (choice == 0 && !reference.armed().empty()) {
                deadline = any_armed()->first;
            } else if (choice == 1) {
                deadline = reference.time() - random.of_any_magnitude(18);
            }
            reference.insert(node, deadline);
        } else if (choice < 7) {
            if (!reference.armed().empty()) {
                reference.cancel(*any_armed()->second);
            }
        } else {
            std::int64_t now =
                reference.time() + random.of_any_magnitude(reference.time() > std::int64_t{3} << 60U ? 6 : 17);
            if (choice == 7 && !reference.armed().empty()) {
                now = any_armed()->first - random.below(2);
            } else if (choice == 8 && !reference.armed().empty()) {
                now = reference.next();
            }
            // What is very far away stays there, or the time runs out. The clock never goes back.
            if (now <= 4'000'000'000'000'000'000) {
                fired += reference.advance(std::max(now, reference.time()));
            }
        }
        reference.check_outlook();
    }
    CHECK(fired > 100);
}

TEST_CASE("a timer alone is due at its deadline and not a nanosecond before, and nobody wakes early for it") {
    TimerNodes nodes;
    TimerNode& node = nodes.make();
    std::int64_t delay = 1;
    for (int digits = 0; digits <= 18; ++digits, delay = digits <= 18 ? delay * 10 : 0) {
        for (const std::int64_t start : {std::int64_t{0}, std::int64_t{63}, std::int64_t{1'234'567'890'123}}) {
            CAPTURE(delay, start);
            TimerWheel wheel(start);
            TimerList due;
            wheel.insert(node, start + delay);
            CHECK(wheel.next_deadline() == start + delay);
            wheel.advance(start + delay - 1, due);
            CHECK(due.empty());
            CHECK(wheel.next_deadline() == start + delay);
            wheel.advance(start + delay, due);
            CHECK(take_all(due) == std::vector<TimerNode*>{&node});
            CHECK(wheel.empty());
            CHECK(wheel.next_deadline() == -1);
        }
    }
}

TEST_CASE("timers of equal deadline fire in the order in which they were armed, however far apart that was") {
    TimerNodes nodes;
    const std::int64_t deadline = 999'999'999'999'999'999;
    TimerWheel wheel(0);
    TimerList due;
    std::vector<TimerNode*> armed;
    for (std::int64_t left = deadline; left > 0; left /= 7) {
        wheel.advance(deadline - left, due);
        for (int count = 0; count < 3; ++count) {
            armed.push_back(&nodes.make());
            wheel.insert(*armed.back(), deadline);
        }
    }
    CHECK(due.empty());
    wheel.advance(deadline, due);
    const std::vector<TimerNode*> fired = take_all(due);
    CHECK(fired.size() > 60);
    CHECK((fired == armed));
}

TEST_CASE("timers that are overdue when they are armed fire at the next advance, by deadline") {
    TimerNodes nodes;
    TimerWheel wheel(1000);
    TimerList due;
    TimerNode& late = nodes.make();
    TimerNode& later = nodes.make();
    TimerNode& now = nodes.make();
    TimerNode& negative = nodes.make();
    wheel.insert(now, 1000);
    wheel.insert(late, 900);
    wheel.insert(later, 900);
    wheel.insert(negative, -5);
    CHECK(wheel.next_deadline() == 0);
    CHECK(negative.deadline == 0);
    wheel.advance(1000, due);
    CHECK(take_all(due) == std::vector<TimerNode*>{&negative, &late, &later, &now});
}

TEST_CASE("a cancelled timer does not fire, and its neighbours do") {
    TimerNodes nodes;
    const std::int64_t delay = GENERATE(std::int64_t{-5}, std::int64_t{0}, std::int64_t{3}, std::int64_t{5'000'000});
    TimerWheel wheel(100);
    TimerList due;
    std::vector<TimerNode*> armed;
    for (int count = 0; count < 5; ++count) {
        armed.push_back(&nodes.make());
        wheel.insert(*armed.back(), 100 + delay);
    }
    for (const std::size_t gone : {std::size_t{0}, std::size_t{4}, std::size_t{2}}) {
        wheel.cancel(*armed[gone]);
        CHECK_FALSE(armed[gone]->is_armed());
    }
    wheel.advance(1'000'000'000, due);
    CHECK(take_all(due) == std::vector<TimerNode*>{armed[1], armed[3]});
    CHECK(wheel.empty());
}

TEST_CASE("a timer that is armed for later stays where it is, and fires then") {
    TimerNodes nodes;
    TimerWheel wheel(0);
    TimerList due;
    TimerNode& node = nodes.make();
    TimerNode& other = nodes.make();
    wheel.insert(node, 5000);
    wheel.insert(other, 5000);
    const auto slot = node.slot();
    for (const std::int64_t deadline : {std::int64_t{6000}, std::int64_t{7000}, std::int64_t{200'000}}) {
        wheel.insert(node, deadline);
        CHECK(node.deadline == deadline);
    }
    CHECK(node.slot() == slot);
    CHECK(wheel.next_deadline() == 5000);
    CHECK(node.slot() != slot);
    wheel.cancel(other);
    CHECK(wheel.next_deadline() == 200'000);
    wheel.advance(199'999, due);
    CHECK(due.empty());
    wheel.advance(200'000, due);
    CHECK(take_all(due) == std::vector<TimerNode*>{&node});
}

TEST_CASE("cancelled timers wake nobody, however many they are, and are armed again where they are") {
    TimerNodes nodes;
    TimerWheel wheel(0);
    TimerList due;
    std::vector<TimerNode*> cancelled;
    for (int count = 0; count < 100; ++count) {
        cancelled.push_back(&nodes.make());
        wheel.insert(*cancelled.back(), 1'000'000 + count);
    }
    TimerNode& last = nodes.make();
    wheel.insert(last, 5'000'000);
    for (TimerNode* node : cancelled) {
        wheel.cancel(*node);
    }
    CHECK(cancelled.front()->is_in_slot());
    SECTION("the outlook passes them by") {
        CHECK(wheel.next_deadline() == 5'000'000);
        CHECK_FALSE(cancelled.front()->is_in_slot());
        wheel.cancel(last);
    }
    SECTION("time passes them by") {
        wheel.cancel(last);
        wheel.advance(6'000'000, due);
        CHECK_FALSE(cancelled.front()->is_in_slot());
        CHECK_FALSE(last.is_in_slot());
    }
    SECTION("they are armed again") {
        wheel.cancel(last);
        for (TimerNode* node : cancelled) {
            wheel.insert(*node, 2'000'000);
        }
        wheel.advance(2'000'000, due);
        CHECK((take_all(due) == cancelled));
    }
    CHECK(wheel.empty());
    CHECK(wheel.next_deadline() == -1);
    CHECK(due.empty());
}

TEST_CASE(
    "equals fire in the order of their last arming, whatever slots they wait in and when the numbers begin anew") {
    const std::uint32_t turns = GENERATE(0U, ~0U - 3U, ~0U - 4U, ~0U - 5U, ~0U - 6U, ~0U - 7U, ~0U - 8U, ~0U - 9U);
    CAPTURE(turns);
    const std::int64_t deadline = GENERATE(std::int64_t{5001}, std::int64_t{70'000}, std::int64_t{7'000'000'000});
    TimerNodes nodes;
    TimerWheel wheel(0, turns);
    TimerList due;
    TimerNode* const a = &nodes.make();
    TimerNode* const b = &nodes.make();
    TimerNode* const c = &nodes.make();
    TimerNode* const d = &nodes.make();
    wheel.insert(*a, 70);
    wheel.insert(*b, 5000);
    wheel.insert(*c, deadline);
    wheel.insert(*d, 5000);
    wheel.insert(*d, deadline);
    wheel.insert(*b, deadline);
    wheel.insert(*a, deadline);
    wheel.cancel(*c);
    wheel.insert(*c, deadline);
    wheel.insert(*d, deadline);
    wheel.advance(deadline - 1, due);
    CHECK(due.empty());
    wheel.advance(deadline, due);
    CHECK((take_all(due) == std::vector<TimerNode*>{b, a, c, d}));
}

TEST_CASE("a crowd at one far deadline wakes the loop early at most eleven times") {
    TimerNodes nodes;
    const std::int64_t deadline =
        GENERATE(std::int64_t{1'000'000}, std::int64_t{86'400'000'000'123}, std::int64_t{999'999'999'999'999'999});
    CAPTURE(deadline);
    TimerWheel wheel(0);
    TimerList due;
    for (int count = 0; count < 100; ++count) {
        wheel.insert(nodes.make(), deadline);
    }
    int early = 0;
    while (due.empty()) {
        const std::int64_t next = wheel.next_deadline();
        REQUIRE(next <= deadline);
        early += next < deadline ? 1 : 0;
        REQUIRE(early <= most_early_wakes);
        wheel.advance(next, due);
    }
    CHECK(early > 0);
    CHECK(take_all(due).size() == 100);
}

TEST_CASE("a loop that sleeps until next_deadline() wakes early at most eleven times for each timer") {
    const std::uint64_t seed = random_seed();
    CAPTURE(seed);
    Random random(seed);
    TimerNodes nodes;
    TimerWheel wheel(0);
    TimerList due;
    constexpr int timers = 2000;
    std::unordered_map<const TimerNode*, int> early_wakes;
    for (int count = 0; count < timers; ++count) {
        TimerNode& node = nodes.make();
        wheel.insert(node, random.of_any_magnitude(18));
        early_wakes[&node] = 0;
    }
    int early = 0;
    int fired = 0;
    std::int64_t time = 0;
    while (!wheel.empty()) {
        const std::int64_t next = wheel.next_deadline();
        REQUIRE(next > time);
        time = next;
        wheel.advance(time, due);
        early += due.empty() ? 1 : 0;
        fired += static_cast<int>(take_all(due).size());
    }
    CHECK(fired == timers);
    CHECK(early <= timers * most_early_wakes);
}

TEST_CASE("a hundred thousand timers, half of them cancelled, fire in order of deadline, equals in order of arming") {
    const std::uint64_t seed = random_seed();
    CAPTURE(seed);
    Random random(seed);
    constexpr std::size_t timers = 100000;
    TimerNodes nodes;
    TimerWheel wheel(5);
    TimerList due;
    std::vector<TimerNode*> all;
    for (std::size_t count = 0; count < timers; ++count) {
        all.push_back(&nodes.make());
        // Few enough values that many are equal.
        wheel.insert(*all.back(), 10 + random.below(20000) * std::int64_t{1'000'003});
    }
    std::vector<TimerNode*> kept;
    for (std::size_t index = 0; index < timers; ++index) {
        if (index % 2 == 0) {
            wheel.cancel(*all[index]);
        } else {
            kept.push_back(all[index]);
        }
    }
    std::stable_sort(kept.begin(), kept.end(),
                     [](const TimerNode* a, const TimerNode* b) { return a->deadline < b->deadline; });
    std::vector<TimerNode*> fired;
    std::int64_t time = 5;
    while (!wheel.empty()) {
        time += random.of_any_magnitude(10);
        wheel.advance(time, due);
        for (TimerNode* node : take_all(due)) {
            REQUIRE(node->deadline <= time);
            fired.push_back(node);
        }
    }
    CHECK(fired.size() == timers / 2);
    CHECK((fired == kept));
}

}  // namespace nestling::testing
