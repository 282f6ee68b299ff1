// SPDX-License-Identifier: MIT
#include <nestling/coroutines.hpp>
#include <nestling/nestling.hpp>

#include <cstdio>
#include <string>
#include <system_error>

using namespace nestling;
using namespace std::chrono_literals;

Task<std::string> look_up(const char* name, std::chrono::milliseconds time) {
    co_await sleep_for(time);
    co_return std::string(name) + " found";
}

Task<void> both() {
    const auto [one, other] = co_await when_all(look_up("one", 10ms), look_up("other", 20ms));
    std::printf("%s, %s\n", one.c_str(), other.c_str());
}

Task<void> fastest() {
    const auto first = co_await when_any(look_up("slow", 1h), look_up("fast", 1ms));
    std::printf("number %zu was first\n", first.index());
}

Task<void> in_time() {
    try {
        co_await with_timeout(5ms, look_up("late", 1h));
    } catch (const std::system_error& error) {
        std::printf("too late: %s\n", error.code() == std::errc::timed_out ? "timed out" : error.what());
    }
}

Task<void> all() {
    co_await both();
    co_await fastest();
    co_await in_time();
}

int main() {
    Context context;
    bool has_ended = false;
    spawn(context, "all", all(), [&](const Outcome<void>&) { has_ended = true; });
    while (!has_ended) {
        context.poll(Wait::block);
    }
}
