// SPDX-License-Identifier: MIT
// Channels between tasks of one context and of several.
#include <nestling/io_thread.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "coroutine/running.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using Item = std::unique_ptr<int>;

Item item(int value) {
    return std::make_unique<int>(value);
}

Task<void> send_all(Channel<Item>& channel, int first, int last) {
    for (int value = first; value < last; ++value) {
        if (!co_await channel.send(item(value))) {
            throw std::runtime_error("closed");
        }
    }
}

Task<void> receive_all(Channel<Item>& channel, std::vector<int>& got) {
    while (std::optional<Item> next = co_await channel.receive()) {
        got.push_back(**next);
    }
}

Task<void> receive_one(Channel<Item>& channel, std::vector<int>& got, Counted /*held*/) {
    std::optional<Item> next = co_await channel.receive();
    got.push_back(next ? **next : -1);
}

}  // namespace

TEST_CASE("items come out in the order in which they went in, and senders wait while there is no room") {
    Context context;
    Channel<Item> channel(2);
    std::vector<int> got;
    spawn(context, "sender", send_all(channel, 0, 10));
    settle(context);
    CHECK(channel.size() == 2);
    CHECK_FALSE(channel.try_send(item(100)));
    spawn(context, "receiver", receive_all(channel, got));
    settle(context);
    CHECK(got == std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    channel.close();
    settle(context);
    CHECK_THROWS_AS(Channel<int>(0), std::logic_error);
}

TEST_CASE("a closed channel gives what is in it, and takes nothing more") {
    Context context;
    Channel<Item> channel(2);
    std::vector<int> got;
    bool is_sent = true;
    Item kept = item(3);
    const auto send_kept = [&]() -> Task<void> { is_sent = co_await channel.send(std::move(kept)); };
    CHECK(channel.try_send(item(1)));
    CHECK(channel.try_send(item(2)));
    spawn(context, "sender", send_kept());
    settle(context);
    channel.close();
    settle(context);
    CHECK_FALSE(is_sent);
    REQUIRE(kept != nullptr);
    CHECK_FALSE(channel.try_send(std::move(kept)));
    REQUIRE(kept != nullptr);
    spawn(context, "sender", send_kept());
    spawn(context, "receiver", receive_all(channel, got));
    settle(context);
    CHECK(got == std::vector<int>{1, 2});
    CHECK(kept != nullptr);
    CHECK_FALSE(channel.try_receive());
}

TEST_CASE("receivers that wait are served in order, and told when the channel is closed") {
    Context context;
    Channel<Item> channel(4);
    std::vector<int> got;
    int living = 0;
    for (int count = 0; count < 3; ++count) {
        spawn(context, "receiver", receive_one(channel, got, Counted(living)));
    }
    settle(context);
    CHECK(channel.try_send(item(1)));
    CHECK(channel.try_send(item(2)));
    // For the two that are on their way.
    CHECK_FALSE(channel.try_receive());
    channel.close();
    settle(context);
    CHECK(got == std::vector<int>{1, 2, -1});
    CHECK(living == 0);
}

TEST_CASE("no item is lost with a receiver that is stopped or destroyed, before or after it is woken") {
    Context context;
    Channel<Item> channel(4);
    std::vector<int> got;
    std::vector<int> others;
    int living = 0;
    std::stop_source source;
    bool was_cancelled = false;
    SECTION("stopped") {
        spawn(
            context, "receiver", receive_one(channel, got, Counted(living)),
            [&](const Outcome<void>& outcome) { was_cancelled = outcome.cancelled(); }, source.get_token());
        settle(context);
        const bool is_woken = GENERATE(false, true);
        if (is_woken) {
            CHECK(channel.try_send(item(1)));
        }
        source.request_stop();
        settle(context);
        CHECK(was_cancelled == !is_woken);
        CHECK(got.size() == (is_woken ? 1U : 0U));
    }
    SECTION("destroyed") {
        std::optional<TaskHandle> handle = spawn_held(context, "receiver", receive_one(channel, got, Counted(living)));
        spawn(context, "other", receive_one(channel, others, Counted(living)));
        settle(context);
        const bool is_woken = GENERATE(false, true);
        if (is_woken) {
            CHECK(channel.try_send(item(1)));
        }
        handle.reset();
        if (!is_woken) {
            CHECK(channel.try_send(item(1)));
        }
        settle(context);
        CHECK(got.empty());
        CHECK(others == std::vector<int>{1});
    }
    CHECK(living == 0);
    CHECK(channel.size() == 0);
}

TEST_CASE("a sender that is stopped keeps its item, and one that is destroyed takes it along") {
    Context context;
    Channel<Item> channel(1);
    CHECK(channel.try_send(item(0)));
    std::stop_source source;
    Item kept;
    const auto body = [&]() -> Task<void> {
        Item mine = item(1);
        try {
            co_await channel.send(std::move(mine));
        } catch (const std::system_error&) {
            kept = std::move(mine);
        }
    };
    spawn(context, "sender", body(), {}, source.get_token());
    settle(context);
    source.request_stop();
    settle(context);
    REQUIRE(kept != nullptr);
    CHECK(*kept == 1);
    {
        const TaskHandle handle = spawn_held(context, "sender", send_all(channel, 5, 6));
        settle(context);
    }
    CHECK(**channel.try_receive() == 0);
    CHECK_FALSE(channel.try_receive());
}

TEST_CASE("several senders and receivers on several contexts: every item arrives once, in the order of its sender",
          "[B-44]") {
    constexpr int threads = 4;
    constexpr int senders = 8;
    constexpr int receivers = 8;
    constexpr int each = 500;
    struct Numbered {
        int sender;
        int number;
    };
    Channel<Numbered> channel(16);
    std::atomic<int> sending{senders};
    std::atomic<int> receiving{receivers};
    std::atomic<int> wrong{0};
    std::array<std::vector<Numbered>, receivers> got;
    const auto send = [&](int sender, Context& home) -> Task<void> {
        for (int number = 0; number < each; ++number) {
            const bool is_sent = co_await channel.send(Numbered{sender, number});
            wrong += is_sent && home.is_home() ? 0 : 1;
        }
        if (--sending == 0) {
            channel.close();
        }
    };
    const auto receive = [&](std::vector<Numbered>& mine, Context& home) -> Task<void> {
        while (const std::optional<Numbered> next = co_await channel.receive()) {
            wrong += home.is_home() ? 0 : 1;
            mine.push_back(*next);
        }
        --receiving;
    };
    {
        std::array<IoThread, threads> loops;
        for (int number = 0; number < receivers; ++number) {
            Context& home = *loops[static_cast<std::size_t>(number % threads)].context();
            spawn(home, "receiver", receive(got[static_cast<std::size_t>(number)], home));
        }
        for (int number = 0; number < senders; ++number) {
            Context& home = *loops[static_cast<std::size_t>(number % threads)].context();
            spawn(home, "sender", send(number, home));
        }
        until([&] { return receiving.load() == 0; });
    }
    CHECK(wrong.load() == 0);
    std::array<int, senders> counts{};
    for (const std::vector<Numbered>& mine : got) {
        std::array<int, senders> last;
        last.fill(-1);
        for (const Numbered& one : mine) {
            const auto sender = static_cast<std::size_t>(one.sender);
            wrong += one.number > last[sender] ? 0 : 1;
            last[sender] = one.number;
            ++counts[sender];
        }
    }
    CHECK(wrong.load() == 0);
    for (const int count : counts) {
        CHECK(count == each);
    }
}

}  // namespace nestling::testing
