// SPDX-License-Identifier: MIT
#include "loop/handler_log.hpp"

#include <memory>
#include <string>
#include <vector>

#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using loop::HandlerLog;
using Waited = HandlerLog::Waited;

struct Log {
    HandlerLog log;
    int first = 0;
    int second = 0;

    void call(const void* node, const char* name, std::int64_t begin, std::int64_t end) {
        HandlerLog::Call made;
        log.begin(made, node, name, begin);
        log.end(made, end);
    }
    [[nodiscard]] HandlerLog::Row row(const std::string& name) const {
        for (const HandlerLog::Row& each : log.rows()) {
            if (each.name == name) {
                return each;
            }
        }
        return {};
    }
};

}  // namespace

TEST_CASE("calls, their time and the longest are kept for each handle", "[doctor]") {
    Log test;
    test.log.set_long_call(50);
    test.log.begin_iteration(Waited::no);
    test.call(&test.first, "first", 100, 110);
    test.call(&test.second, "second", 110, 170);
    test.call(&test.first, "first", 170, 200);
    CHECK(test.log.rows().size() == 2);
    CHECK(test.row("first").calls == 2);
    CHECK(test.row("first").time == 40);
    CHECK(test.row("first").longest == 30);
    CHECK(test.row("first").long_calls == 0);
    CHECK(test.row("second").long_calls == 1);
    CHECK(test.row("second").last_long == 60);
}

TEST_CASE("two handles of one name are two, and one place used again by another name is another", "[doctor]") {
    Log test;
    test.log.begin_iteration(Waited::no);
    test.call(&test.first, "same", 0, 1);
    test.call(&test.second, "same", 1, 2);
    test.call(&test.first, "other", 2, 3);
    CHECK(test.log.rows().size() == 3);
    CHECK(test.row("other").calls == 1);
    test.call(nullptr, "same", 3, 4);
    CHECK(test.log.rows().size() == 4);
}

TEST_CASE("the time of a callback is without those that ran inside it", "[doctor]") {
    Log test;
    test.log.begin_iteration(Waited::no);
    HandlerLog::Call outer;
    test.log.begin(outer, &test.first, "outer", 100);
    test.call(&test.second, "inner", 110, 150);
    CHECK(test.log.running().name == "outer");
    CHECK(test.log.running().since == 100);
    test.log.end(outer, 200);
    CHECK(test.row("outer").time == 60);
    CHECK(test.row("outer").longest == 100);
    CHECK(test.row("inner").time == 40);
}

TEST_CASE("the innermost callback is the one that is running", "[doctor]") {
    Log test;
    CHECK_FALSE(test.log.running().is_running);
    HandlerLog::Call outer;
    HandlerLog::Call inner;
    test.log.begin(outer, &test.first, "outer", 100);
    test.log.begin(inner, &test.second, "inner", 130);
    CHECK(test.log.running().is_running);
    CHECK(test.log.running().name == "inner");
    CHECK(test.log.running().since == 130);
    test.log.end(inner, 140);
    test.log.end(outer, 150);
    CHECK_FALSE(test.log.running().is_running);
}

TEST_CASE("a name is copied: its handle may be gone when somebody asks", "[doctor]") {
    Log test;
    {
        auto name = std::make_unique<std::string>(100, 'n');
        test.log.begin_iteration(Waited::no);
        test.call(&test.first, name->c_str(), 0, 1);
    }
    CHECK(test.row(std::string(47, 'n')).calls == 1);
}

TEST_CASE("iterations in a row end when the loop waits, and when the handler is not called", "[doctor][N-9]") {
    Log test;
    const auto iterate = [&](Waited waited, bool call) {
        test.log.begin_iteration(waited);
        if (call) {
            test.call(&test.first, "half", 0, 1);
            // Twice in one is one.
            test.call(&test.first, "half", 1, 2);
        }
    };
    for (int at = 0; at != 10; ++at) {
        iterate(Waited::no, true);
    }
    CHECK(test.row("half").in_a_row == 10);
    iterate(Waited::yes, true);
    CHECK(test.row("half").in_a_row == 1);
    iterate(Waited::no, true);
    CHECK(test.row("half").in_a_row == 2);
    iterate(Waited::no, false);
    iterate(Waited::no, true);
    CHECK(test.row("half").in_a_row == 1);
    test.log.begin_anew();
    iterate(Waited::no, true);
    CHECK(test.row("half").in_a_row == 1);
}

TEST_CASE("calls for a descriptor are in a row as long as it stays ready", "[doctor][N-9]") {
    Log test;
    const Ends ends;
    ends.put();
    constexpr std::uint32_t readable = 1;
    const auto iterate = [&] {
        test.log.begin_iteration(Waited::yes);
        test.call(&test.first, "reader", 0, 1);
        test.log.look_again(ends.near(), readable);
    };
    for (int at = 0; at != 100; ++at) {
        iterate();
    }
    // The first was not known to be a descriptor's.
    CHECK(test.row("reader").in_a_row >= 99);
    CHECK(test.row("reader").is_descriptor);
    ends.take();
    iterate();
    CHECK(test.row("reader").in_a_row == 0);
    for (int at = 0; at != 100; ++at) {
        iterate();
    }
    CHECK(test.row("reader").in_a_row < 20);
}

TEST_CASE("there is room for some hundred handles, and those that run stay", "[doctor]") {
    Log test;
    std::vector<int> nodes(5000);
    for (int& node : nodes) {
        test.log.begin_iteration(Waited::no);
        test.call(&test.first, "always", 0, 1);
        test.call(&node, "once", 1, 2);
    }
    CHECK(test.row("always").calls == nodes.size());
    CHECK(test.row("always").in_a_row == nodes.size());
    CHECK(test.log.rows().size() < 600);
    CHECK(test.log.rows().size() > 300);
}

TEST_CASE("callbacks that are running keep their place, and the others share one", "[doctor]") {
    Log test;
    std::vector<int> nodes(5000);
    std::vector<HandlerLog::Call> calls(nodes.size());
    for (std::size_t at = 0; at != nodes.size(); ++at) {
        test.log.begin(calls[at], &nodes[at], "nested", static_cast<std::int64_t>(at + 1));
    }
    for (std::size_t at = nodes.size(); at-- != 0;) {
        test.log.end(calls[at], 6000);
    }
    std::uint64_t count = 0;
    for (const HandlerLog::Row& row : test.log.rows()) {
        count += row.calls;
    }
    CHECK(count == nodes.size());
    CHECK(test.row("(others)").calls > 4000);
}

}  // namespace nestling::testing
