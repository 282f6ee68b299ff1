// SPDX-License-Identifier: MIT
#include "sync/home_ring.hpp"

#include <array>
#include <vector>

#include "support/testing.hpp"

namespace nestling::testing {

namespace {
using Ring = sync::HomeRing<>;

bool push(Ring& ring, Ring::Entry entry) {
    REQUIRE(ring.enter());
    const bool is_in = ring.push(entry) != nullptr;
    ring.leave();
    return is_in;
}

/// The oldest entry; 0 if there is none in front of `end`.
Ring::Entry pop_before(Ring& ring, Ring::Index end) {
    if (ring.is_at(end)) {
        return 0;
    }
    const Ring::Index first = ring.first();
    const Ring::Entry entry = ring.at(first).load();
    ring.drop(first);
    return entry;
}
Ring::Entry pop(Ring& ring) {
    return pop_before(ring, ring.end());
}
}  // namespace

TEST_CASE("a ring gives back what it was given, oldest first, round and round") {
    std::array<Ring::Room, 4> room;
    Ring ring(room.data(), 4);
    for (Ring::Entry entry = 1; entry <= 20; entry += 2) {
        CHECK(push(ring, entry));
        CHECK(push(ring, entry + 1));
        CHECK_FALSE(ring.empty());
        CHECK(pop(ring) == entry);
        CHECK(pop(ring) == entry + 1);
        CHECK(ring.empty());
    }
}

TEST_CASE("a ring is full with as many entries as it has room for") {
    std::array<Ring::Room, 2> room;
    Ring ring(room.data(), 2);
    CHECK(push(ring, 1));
    CHECK(push(ring, 2));
    CHECK_FALSE(push(ring, 3));
    CHECK(pop(ring) == 1);
    CHECK(push(ring, 3));
    CHECK(pop(ring) == 2);
    CHECK(pop(ring) == 3);
    CHECK(pop(ring) == 0);
}

TEST_CASE("who interrupts a thread in the ring is kept out") {
    std::array<Ring::Room, 2> room;
    Ring ring(room.data(), 2);
    REQUIRE(ring.enter());
    CHECK_FALSE(ring.enter());
    ring.leave();
    CHECK(ring.enter());
}

TEST_CASE("a ring without room is never open") {
    Ring ring;
    CHECK(ring.empty());
    CHECK_FALSE(ring.enter());
    CHECK(ring.size() == 0);
}

TEST_CASE("an end is a point in time: what is listed later is behind it") {
    std::array<Ring::Room, 4> room;
    Ring ring(room.data(), 4);
    CHECK(push(ring, 1));
    const Ring::Index end = ring.end();
    CHECK(push(ring, 2));
    CHECK(pop_before(ring, end) == 1);
    CHECK(pop_before(ring, end) == 0);
    CHECK_FALSE(ring.empty());
}

TEST_CASE("a ring that moves to a larger room keeps its entries and their order") {
    std::array<Ring::Room, 2> small;
    std::array<Ring::Room, 8> large;
    Ring ring(small.data(), 2);
    CHECK(push(ring, 1));
    CHECK(pop(ring) == 1);
    CHECK(push(ring, 2));
    CHECK(push(ring, 3));
    const Ring::Index end = ring.end();
    ring.move_to(large.data(), 8);
    CHECK(ring.size() == 8);
    CHECK(push(ring, 4));
    CHECK(pop(ring) == 2);
    CHECK(pop_before(ring, end) == 3);
    CHECK(pop_before(ring, end) == 0);
    CHECK(pop(ring) == 4);
    CHECK(ring.empty());
}

}  // namespace nestling::testing
