// SPDX-License-Identifier: MIT
#include <nestling/callback.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <utility>

#include "support/testing.hpp"

namespace nestling::testing {

namespace {

/// Counts how many of it are alive, and how often one was destroyed that had not been moved from.
class Counted {
public:
    struct Counts {
        int alive = 0;
        int ended = 0;
    };

    explicit Counted(Counts& counts) noexcept : counts_(&counts) { ++counts_->alive; }
    Counted(Counted&& other) noexcept : counts_(other.counts_), moved_(std::exchange(other.moved_, true)) {
        ++counts_->alive;
    }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() {
        --counts_->alive;
        counts_->ended += moved_ ? 0 : 1;
    }

private:
    Counts* counts_;
    bool moved_ = false;
};

struct Small {
    explicit Small(Counted::Counts& counts) : counted(counts) {}
    int operator()(int value) const { return value + 1; }
    Counted counted;
};
static_assert(sizeof(Small) <= 2 * sizeof(void*));

struct Large {
    explicit Large(Counted::Counts& counts) : counted(counts) {}
    int operator()(int value) const { return value + 1; }
    Counted counted;
    std::array<std::uint64_t, 8> ballast{};
};

struct alignas(64) Aligned {
    explicit Aligned(Counted::Counts& counts) : counted(counts) {}
    int operator()(int value) const { return reinterpret_cast<std::uintptr_t>(this) % 64 == 0 ? value + 1 : -1; }
    Counted counted;
};

/// Fits into two words, but moving it can throw: it must not be stored in place.
struct ThrowingMove {
    explicit ThrowingMove(Counted::Counts& counts) : counted(counts) {}
    ThrowingMove(ThrowingMove&& other) noexcept(false) : counted(std::move(other.counted)), moves(other.moves) {
        ++*moves;
    }
    int operator()(int value) const { return value + 1; }
    Counted counted;
    static inline int total_moves = 0;
    int* moves = &total_moves;
};

}  // namespace

TEMPLATE_TEST_CASE("a callback owns what it was made of, and destroys it exactly once", "", Small, Large, Aligned,
                   ThrowingMove) {
    Counted::Counts counts;
    {
        Callback<int(int)> callback = TestType(counts);
        REQUIRE(counts.alive == 1);
        CHECK(counts.ended == 0);
        CHECK(callback(41) == 42);

        Callback<int(int)> moved = std::move(callback);
        CHECK_FALSE(static_cast<bool>(callback));
        CHECK(static_cast<bool>(moved));
        CHECK(counts.alive == 1);
        CHECK(counts.ended == 0);
        CHECK(moved(1) == 2);

        callback = std::move(moved);
        CHECK_FALSE(static_cast<bool>(moved));
        CHECK(callback(2) == 3);
        CHECK(counts.alive == 1);
        CHECK(counts.ended == 0);
    }
    CHECK(counts.alive == 0);
    CHECK(counts.ended == 1);
}

TEMPLATE_TEST_CASE("assigning over a callback destroys the old one once", "", Small, Large) {
    Counted::Counts old_counts;
    Counted::Counts new_counts;
    Callback<int(int)> callback = TestType(old_counts);
    callback = TestType(new_counts);
    CHECK(old_counts.alive == 0);
    CHECK(old_counts.ended == 1);
    CHECK(new_counts.alive == 1);
    callback.reset();
    CHECK_FALSE(static_cast<bool>(callback));
    CHECK(new_counts.ended == 1);
    callback.reset();
    CHECK(new_counts.ended == 1);
}

TEMPLATE_TEST_CASE("moving a callback onto itself changes nothing", "", Small, Large) {
    Counted::Counts counts;
    Callback<int(int)> callback = TestType(counts);
    Callback<int(int)>& alias = callback;
    callback = std::move(alias);
    REQUIRE(static_cast<bool>(callback));
    CHECK(callback(1) == 2);
    CHECK(counts.alive == 1);
    CHECK(counts.ended == 0);
}

TEST_CASE("two words are stored in place, one more is not, nor what may throw when it moves") {
    struct Two {
        Two* self;
        void** where;
        void operator()() { *where = this; }
    };
    struct Three {
        void** where;
        std::array<void*, 2> ballast{};
        void operator()() { *where = this; }
    };
    const auto is_inside = [](void* address, const auto& callback) {
        const auto begin = reinterpret_cast<std::uintptr_t>(&callback);
        const auto at = reinterpret_cast<std::uintptr_t>(address);
        return at >= begin && at < begin + sizeof(callback);
    };
    void* where = nullptr;
    Callback<void()> two = Two{nullptr, &where};
    two();
    CHECK(is_inside(where, two));
    Callback<void()> three = Three{&where};
    three();
    CHECK_FALSE(is_inside(where, three));
    void* const before = where;
    Callback<void()> moved = std::move(three);
    moved();
    CHECK(where == before);

    Counted::Counts counts;
    Callback<int(int)> throwing = ThrowingMove(counts);
    const int moves = ThrowingMove::total_moves;
    Callback<int(int)> other = std::move(throwing);
    CHECK(ThrowingMove::total_moves == moves);
    CHECK(other(1) == 2);
}

TEST_CASE("a callback takes captures, arguments and results that can only be moved") {
    auto owned = std::make_unique<int>(5);
    Callback<std::unique_ptr<int>(std::unique_ptr<int>)> callback =
        [owned = std::move(owned)](std::unique_ptr<int> argument) mutable {
            *argument += *owned;
            owned.reset();
            return argument;
        };
    const std::unique_ptr<int> result = callback(std::make_unique<int>(2));
    REQUIRE(result != nullptr);
    CHECK(*result == 7);
}

TEST_CASE("a callback passes references on, so that the callee changes the caller's variable") {
    int value = 1;
    Callback<void(int&)> callback = [](int& reference) { reference = 9; };
    callback(value);
    CHECK(value == 9);
    Callback<int&(int&)> identity = [](int& reference) -> int& { return reference; };
    CHECK(&identity(value) == &value);
}

TEST_CASE("a callback without a result may be made of a function that has one") {
    int calls = 0;
    Callback<void()> small = [&calls] { return ++calls; };
    small();
    CHECK(calls == 1);
    std::array<int, 16> ballast{};
    Callback<void()> large = [&calls, ballast] { return calls += 1 + ballast[3]; };
    large();
    CHECK(calls == 2);
}

TEST_CASE("an empty callback is false, however it became empty") {
    Callback<void()> made_empty;
    CHECK_FALSE(static_cast<bool>(made_empty));
    Callback<void()> null = nullptr;
    CHECK_FALSE(static_cast<bool>(null));
    Callback<void()> assigned = [] {};
    CHECK(static_cast<bool>(assigned));
    assigned = nullptr;
    CHECK_FALSE(static_cast<bool>(assigned));
    Callback<void()> moved = std::move(assigned);
    CHECK_FALSE(static_cast<bool>(moved));
}

TEST_CASE("what a callback throws reaches the caller, and the callback can be called again") {
    int calls = 0;
    Callback<void()> callback = [&calls] {
        if (++calls == 1) {
            throw std::runtime_error("first");
        }
    };
    CHECK_THROWS_AS(callback(), std::runtime_error);
    callback();
    CHECK(calls == 2);
}

TEST_CASE("a callback whose construction throws leaves nothing behind") {
    struct Refuses {
        Refuses() = default;
        Refuses(const Refuses&) { throw std::runtime_error("copied"); }
        void operator()() const {}
        std::array<void*, 4> ballast{};
    };
    const Refuses original;
    CHECK_THROWS_AS(Callback<void()>(original), std::runtime_error);
}

}  // namespace nestling::testing
