// SPDX-License-Identifier: MIT
// More descriptors and events than one wait of some systems takes (64 on Windows), in one context.
#include <nestling/nestling.hpp>

#include <algorithm>
#include <cstddef>
#include <list>
#include <optional>
#include <vector>

#include "contract/peace.hpp"
#include "support/descriptors.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {

constexpr std::size_t many = 200;

/// As many pairs of sockets, and as many notifiers, as `many`, each with a handler that counts.
class Crowd {
public:
    explicit Crowd(Context& context) : reads_(many, 0), sets_(many, 0) {
        for (std::size_t at = 0; at < many; ++at) {
            sockets_.emplace_back(Ends::Kind::socket);
            notifiers_.emplace_back(NotifierKind::automatic);
            Ends& socket = sockets_.back();
            EventNotifier& notifier = notifiers_.back();
            handlers_.emplace_back(context, socket.near(), "socket", FdCallbacks{.read = [this, at, &socket] {
                                       socket.take();
                                       ++reads_[at];
                                   }});
            handlers_.emplace_back(context, notifier.fd(), "notifier", FdCallbacks{.read = [this, at, &notifier] {
                                       notifier.test_and_clear();
                                       ++sets_[at];
                                   }});
        }
    }

    void wake_all() {
        for (const Ends& each : sockets_) {
            each.put();
        }
        for (const EventNotifier& each : notifiers_) {
            each.set();
        }
    }
    [[nodiscard]] bool each_was_called(int times) const {
        const auto is_so = [times](int count) { return count == times; };
        return std::all_of(reads_.begin(), reads_.end(), is_so) && std::all_of(sets_.begin(), sets_.end(), is_so);
    }
    [[nodiscard]] std::list<Ends>& sockets() noexcept { return sockets_; }
    [[nodiscard]] std::list<EventNotifier>& notifiers() noexcept { return notifiers_; }

private:
    std::list<Ends> sockets_;
    std::list<EventNotifier> notifiers_;
    std::vector<int> reads_;
    std::vector<int> sets_;
    std::list<FdHandler> handlers_;
};

}  // namespace

TEST_CASE("200 sockets and 200 notifiers in one context are each served, all at once and one by one",
          "[fd][F21.1][F21.6][B-57]") {
    TestLoop loop(each_configuration());
    Crowd crowd(loop.context());
    loop.run_until_quiet();
    crowd.wake_all();
    loop.run_until([&] { return crowd.each_was_called(1); });
    loop.run_until_quiet();
    CHECK(crowd.each_was_called(1));
    // The last ones are as good as the first ones.
    for (const Ends& each : crowd.sockets()) {
        each.put();
        CHECK(loop.block());
    }
    for (const EventNotifier& each : crowd.notifiers()) {
        each.set();
        CHECK(loop.block());
    }
    loop.run_until([&] { return crowd.each_was_called(2); });
    CHECK(sleeps_in_peace(loop));
    CHECK(crowd.each_was_called(2));
}

TEST_CASE("an iteration ends although everything stays ready, and everybody's turn comes", "[fd][F21.2][B-57]") {
    TestLoop loop(each_configuration());
    std::list<EventNotifier> notifiers;
    std::list<FdHandler> handlers;
    std::vector<std::size_t> calls(many, 0);
    for (std::size_t at = 0; at < many; ++at) {
        notifiers.emplace_back(NotifierKind::automatic);
        notifiers.back().set();
        // Nobody clears it.
        handlers.emplace_back(loop.context(), notifiers.back().fd(), "set for ever",
                              FdCallbacks{.read = [&calls, at] { ++calls[at]; }});
    }
    int posted = 0;
    constexpr std::size_t rounds = 10;
    // How many one wait reports is the monitor's; the model's monitors report at least 64 of what is there.
    constexpr std::size_t most_iterations = rounds * (many / 64 + 1);
    for (std::size_t iteration = 0; iteration < most_iterations; ++iteration) {
        loop.context().post("posted", [&] { ++posted; });
        CHECK(loop.block());
        CHECK(posted == static_cast<int>(iteration) + 1);
    }
    CHECK(*std::min_element(calls.begin(), calls.end()) >= rounds);
    CHECK(*std::max_element(calls.begin(), calls.end()) <= most_iterations);
}

TEST_CASE("handlers of a crowd come and go, and who stays is served", "[fd][F21.6][B-57]") {
    TestLoop loop(each_configuration());
    std::vector<EventNotifier> notifiers;
    std::vector<std::optional<FdHandler>> handlers(many);
    std::vector<int> calls(many, 0);
    for (std::size_t at = 0; at < many; ++at) {
        notifiers.emplace_back(NotifierKind::automatic);
    }
    const auto add = [&](std::size_t at) {
        handlers[at].emplace(loop.context(), notifiers[at].fd(), "event", FdCallbacks{.read = [&, at] {
                                 notifiers[at].test_and_clear();
                                 ++calls[at];
                             }});
    };
    for (std::size_t at = 0; at < many; ++at) {
        add(at);
    }
    loop.run_until_quiet();
    for (std::size_t at = 0; at < many; at += 3) {
        handlers[at].reset();
    }
    for (const EventNotifier& each : notifiers) {
        each.set();
    }
    loop.run_until_quiet();
    for (std::size_t at = 0; at < many; ++at) {
        CHECK(calls[at] == (at % 3 == 0 ? 0 : 1));
    }
    // What was set while nobody watched is found by who comes later.
    for (std::size_t at = 0; at < many; at += 3) {
        add(at);
    }
    loop.run_until([&] { return std::count(calls.begin(), calls.end(), 1) == static_cast<std::ptrdiff_t>(many); });
    CHECK(sleeps_in_peace(loop));
}
