// SPDX-License-Identifier: MIT
#include "async/loop_examination.hpp"

#include <vector>

#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using async::LoopExamination;
using async::LoopSight;
using Kind = Diagnosis::Kind;
using Row = loop::HandlerLog::Row;

constexpr std::int64_t ms = 1'000'000;

/// A loop that goes on, and that somebody looks at every 100 ms.
struct Patient {
    LoopDoctorOptions options;
    LoopExamination examination{"patient"};
    LoopSight sight;

    Patient() {
        sight.now = 1000 * ms;
        look();
    }
    Row& row(const char* name) {
        for (Row& each : sight.rows) {
            if (each.name == name) {
                return each;
            }
        }
        sight.rows.push_back({sight.rows.size(), 1, name, 0, 0, 0, 0, 0, 0, false});
        return sight.rows.back();
    }
    std::vector<Diagnosis> look() {
        sight.now += 100 * ms;
        ++sight.iterations;
        return examination.look(sight, options);
    }
    std::vector<Diagnosis> look_without_iterations() {
        --sight.iterations;
        return look();
    }
};

}  // namespace

TEST_CASE("a healthy loop has no findings", "[doctor]") {
    Patient patient;
    Row& row = patient.row("half");
    for (int at = 0; at != 10; ++at) {
        row.calls += 1000;
        row.time += 20 * ms;
        row.in_a_row = 999;
        CHECK(patient.look().empty());
    }
}

TEST_CASE("a callback that takes too long is named once while it runs, and not again when it returns", "[doctor]") {
    Patient patient;
    Row& row = patient.row("half");
    row.calls = 1;
    patient.sight.running = {true, patient.sight.now + 50 * ms, row.place, "half"};
    CHECK(patient.look().empty());
    const auto found = patient.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == Kind::long_callback);
    CHECK(found[0].context == "patient");
    CHECK(found[0].handle == "half");
    CHECK(found[0].is_running);
    CHECK(found[0].duration.count() == 150 * ms);
    CHECK(found[0].text == "\"half\" of context \"patient\" has been running for 150 ms");
    CHECK(patient.look_without_iterations().empty());
    patient.sight.running = {};
    row.long_calls = 1;
    row.last_long = 300 * ms;
    CHECK(patient.look().empty());
    SECTION("another one is named again") {
        patient.sight.running = {true, patient.sight.now - 20 * ms, row.place, "half"};
        CHECK(patient.look().size() == 1);
    }
    SECTION("those that came and went between two looks are named when they have returned") {
        row.long_calls = 3;
        row.last_long = 2'500 * ms;
        const auto later = patient.look();
        REQUIRE(later.size() == 1);
        CHECK(later[0].kind == Kind::long_callback);
        CHECK_FALSE(later[0].is_running);
        CHECK(later[0].count == 2);
        CHECK(later[0].duration.count() == 2'500 * ms);
        CHECK(later[0].text == "\"half\" of context \"patient\" ran for 2.5 s");
        CHECK(patient.look().empty());
    }
}

TEST_CASE("a handler that is called in each iteration is named once for as long as that goes on", "[doctor][N-9]") {
    Patient patient;
    Row& row = patient.row("reader");
    row.is_descriptor = GENERATE(false, true);
    row.in_a_row = 1200;
    auto found = patient.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == Kind::spinning);
    CHECK(found[0].handle == "reader");
    CHECK(found[0].count == 1200);
    row.in_a_row = 2400;
    CHECK(patient.look().empty());
    // Slowly is no spinning: a program that iterates with each frame it draws.
    row.in_a_row = 2405;
    CHECK(patient.look().empty());
    row.in_a_row = 5000;
    CHECK(patient.look().size() == 1);
    // It was interrupted, and began anew.
    row.in_a_row = 900;
    CHECK(patient.look().empty());
    row.in_a_row = 1000;
    CHECK(patient.look().empty());
    row.in_a_row = 2000;
    found = patient.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].count == 2000);
}

TEST_CASE("a handler that leaves little time to others is named", "[doctor]") {
    Patient patient;
    Row& other = patient.row("other");
    other.calls = 1;
    Row& greedy = patient.row("greedy");
    patient.look();
    const auto pass = [&](std::int64_t time, std::uint64_t calls, std::uint64_t others) {
        patient.row("greedy").time += time;
        patient.row("greedy").calls += calls;
        patient.row("other").calls += others;
        return patient.look();
    };
    CHECK(greedy.calls == 0);
    CHECK(pass(79 * ms, 10, 1).empty());
    // Nobody else has anything to do.
    CHECK(pass(90 * ms, 10, 0).empty());
    // One long call is another finding.
    CHECK(pass(90 * ms, 1, 1).empty());
    const auto found = pass(90 * ms, 10, 1);
    REQUIRE(found.size() == 1);
    CHECK(found[0].kind == Kind::starving);
    CHECK(found[0].handle == "greedy");
    CHECK(found[0].duration.count() == 90 * ms);
    CHECK(found[0].count == 10);
    CHECK(found[0].text == "\"greedy\" of context \"patient\" took 90 ms of 100 ms, in 10 calls");
    CHECK(pass(90 * ms, 10, 1).empty());
    CHECK(pass(9 * ms, 10, 1).empty());
    CHECK(pass(90 * ms, 10, 1).size() == 1);
    patient.options.starving_percent = 99;
    CHECK(pass(90 * ms, 10, 1).empty());
}

TEST_CASE("a loop that does not iterate is stuck, unless it sleeps or a callback runs", "[doctor]") {
    Patient patient;
    const auto look_for = [&](int looks) {
        std::size_t count = 0;
        for (int at = 0; at != looks; ++at) {
            for (const Diagnosis& found : patient.look_without_iterations()) {
                count += found.kind == Kind::stuck ? 1 : 0;
            }
        }
        return count;
    };
    SECTION("once, after a second, and again when it has gone on meanwhile") {
        CHECK(look_for(9) == 0);
        CHECK(look_for(20) == 1);
        CHECK(patient.look().empty());
        CHECK(look_for(9) == 0);
        CHECK(look_for(1) == 1);
    }
    SECTION("it sleeps") {
        patient.sight.may_rest = true;
        CHECK(look_for(20) == 0);
        patient.sight.may_rest = false;
        CHECK(look_for(9) == 0);
        CHECK(look_for(1) == 1);
    }
    SECTION("a callback runs: that is the finding") {
        patient.sight.running = {true, patient.sight.now, 0, "half"};
        CHECK(look_for(20) == 0);
    }
}

TEST_CASE("a place in the log that another handle has got is another handle", "[doctor]") {
    Patient patient;
    patient.row("gone").long_calls = 3;
    CHECK(patient.look().size() == 1);
    patient.sight.rows[0] = {0, 2, "new", 1, 0, 0, 1, 5 * ms, 0, false};
    const auto found = patient.look();
    REQUIRE(found.size() == 1);
    CHECK(found[0].handle == "new");
    CHECK(found[0].count == 1);
}

}  // namespace nestling::testing
