// SPDX-License-Identifier: MIT
#include "loop/poll_set.hpp"

#include <deque>
#include <initializer_list>
#include <mutex>

#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using loop::CallbackStack;
using loop::FdNode;
using loop::FdReadyList;
using loop::PollSet;
using std::chrono::nanoseconds;

constexpr std::int64_t max = 50'000;

/// Descriptors that are said to be ready.
class Ready {
public:
    FdNode& make(int fd) {
        FdNode& node = nodes_.emplace_back(
            fd, "node", HandlerClass::general, [] {}, nullptr);
        return node;
    }
    /// One wait that these ended.
    void end(PollSet& set, std::initializer_list<FdNode*> nodes, PollSet::Ended how, std::int64_t after,
             PollSet::Work work = PollSet::Work::none) {
        for (FdNode* node : nodes) {
            list_.add(*node);
        }
        set.learn(how, after, work, list_);
        for (FdNode* node : nodes) {
            list_.erase(*node);
        }
    }

private:
    loop::Reporter reporter_{"test", {}, {}};
    CallbackStack stack_{reporter_};
    std::mutex mutex_;
    FdReadyList list_{stack_, mutex_};
    std::deque<FdNode> nodes_;
};

constexpr auto polled = PollSet::Ended::by_polling;
constexpr auto slept = PollSet::Ended::by_sleeping;

}  // namespace

TEST_CASE("a slow descriptor does not end polling for a fast one", "[F10.3]") {
    Ready ready;
    PollSet set(BusyPolling{.max = nanoseconds(max)});
    FdNode& fast = ready.make(1);
    FdNode& slow = ready.make(2);
    int too_short = 0;
    for (int wait = 0; wait != 1000; ++wait) {
        const bool is_caught = set.length() >= 5'000;
        too_short += is_caught ? 0 : 1;
        ready.end(set, {&fast}, is_caught ? polled : slept, 5'000);
        if (wait % 100 == 99) {
            ready.end(set, {&slow}, slept, 10 * max);
        }
    }
    // At most the first one behind a wait for the slow one.
    CHECK(too_short <= 10);
    CHECK(set.size() == 2);
}

TEST_CASE("descriptors alone end polling when they have become slow, also while bottom halves are rare", "[F10.3]") {
    Ready ready;
    PollSet set(BusyPolling{.max = nanoseconds(max)});
    FdNode& node = ready.make(1);
    CHECK(set.length() == max);
    int polls = 0;
    for (int wait = 0; wait != 10'000; ++wait) {
        polls += set.length() != 0 ? 1 : 0;
        ready.end(set, {&node}, slept, 10 * max);
    }
    CHECK(polls < 200);
}

TEST_CASE("what is published and descriptors are learned apart", "[F10.3]") {
    Ready ready;
    PollSet set(BusyPolling{.max = nanoseconds(max)});
    FdNode& slow = ready.make(1);
    for (int wait = 0; wait != 100; ++wait) {
        ready.end(set, {}, polled, 1'000, PollSet::Work::some);
        ready.end(set, {&slow}, slept, 20 * max);
    }
    // The waits that the descriptor ended were long for the others too.
    CHECK(set.length() <= max);
    for (int wait = 0; wait != 300; ++wait) {
        ready.end(set, {}, set.length() >= 1'000 ? polled : slept, 1'000, PollSet::Work::some);
    }
    CHECK(set.length() >= 1'000);
}

TEST_CASE("the set is bounded, members that are idle for long leave, and their numbers may come back",
          "[F10.4][F10.9]") {
    Ready ready;
    PollSet set(BusyPolling{.max = nanoseconds(max)});
    for (int fd = 0; fd != 100; ++fd) {
        ready.end(set, {&ready.make(fd)}, polled, 10);
        CHECK(set.size() <= PollSet::most_members);
    }
    CHECK(set.size() == PollSet::most_members);
    for (int wait = 0; wait != 1000; ++wait) {
        ready.end(set, {}, slept, max, PollSet::Work::some);
    }
    CHECK(set.size() == 0);
    FdNode& again = ready.make(5);
    ready.end(set, {&again}, polled, 10);
    CHECK(set.size() == 1);
}

TEST_CASE("more ready descriptors than the set has places are no trouble") {
    Ready ready;
    PollSet set(BusyPolling{.max = nanoseconds(max)});
    std::vector<FdNode*> nodes;
    for (int fd = 0; fd != 40; ++fd) {
        nodes.push_back(&ready.make(fd));
    }
    ready.end(set, {nodes[0], nodes[1]}, polled, 10);
    for (FdNode* node : nodes) {
        ready.end(set, {node, nodes[0], nodes[1]}, polled, 10);
    }
    CHECK(set.size() == PollSet::most_members);
    CHECK(set.length() == max);
}

}  // namespace nestling::testing
