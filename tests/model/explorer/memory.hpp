// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "model/explorer/choices.hpp"
#include "model/explorer/view.hpp"

namespace nestling::model {

inline constexpr unsigned max_messages = 120;  // of one object

constexpr bool acquires(std::memory_order order) noexcept {
    return order != std::memory_order_relaxed && order != std::memory_order_release;
}
constexpr bool releases(std::memory_order order) noexcept {
    return order == std::memory_order_release || order == std::memory_order_acq_rel ||
           order == std::memory_order_seq_cst;
}

/// What an access did.
struct Access {
    std::uint64_t read = 0;
    std::uint64_t written = 0;
    bool wrote = false;
    bool spurious = false;
    std::uint16_t newer = 0;  ///< messages that were newer than the one read
    std::uint16_t later = 0;  ///< messages that the one written was put before
};

/// The atomic objects. Each has its messages in modification order; a thread may read any that its view does not
/// exclude, and may put its own anywhere behind what its view has seen, but never between a message and the
/// read-modify-write that read it. That is RC11, executed in an order that respects program order and reads-from; what
/// C++20 allows beyond it is a store that is read before an earlier load of its own thread has been done.
class Memory {
public:
    explicit Memory(Choices& choices) noexcept : choices_(choices) {}

    void reset(unsigned threads) noexcept;

    /// Thread `thread` begins with all that thread 0 knows; thread 0 goes on with all that thread `thread` knows.
    void fork(unsigned thread) noexcept;
    void join(unsigned thread) noexcept;

    unsigned add(unsigned thread, std::uint64_t value) noexcept;

    Access load(unsigned thread, unsigned atom, std::memory_order order);
    Access store(unsigned thread, unsigned atom, std::memory_order order, std::uint64_t value);

    using Change = std::uint64_t (*)(std::uint64_t old, std::uint64_t operand);
    Access modify(unsigned thread, unsigned atom, std::memory_order order, Change change, std::uint64_t operand);

    enum class Strength : std::uint8_t { strong, weak };
    struct Expectation {
        std::uint64_t expected;
        std::uint64_t desired;
        std::memory_order success;
        std::memory_order failure;
        Strength strength;
    };
    Access compare_exchange(unsigned thread, unsigned atom, const Expectation& wish);

    void fence(unsigned thread, std::memory_order order) noexcept;

    /// Nothing that exists now is hidden from `thread` any longer: what is stored becomes visible in finite time.
    void catch_up(unsigned thread) noexcept;

    [[nodiscard]] const View& now(unsigned thread) const noexcept { return eyes_[thread].now; }
    void learn(unsigned thread, const View& view) noexcept { eyes_[thread].now.join(view, lanes_); }
    /// What is done from now on is not known to those who know what was done until now.
    void tick(unsigned thread) noexcept { ++eyes_[thread].now.clock(thread); }

    /// The same for two executions if the same was read by the same, stored in the same order, and fenced likewise.
    [[nodiscard]] std::uint64_t hash() noexcept;

private:
    struct Message {
        View view;
        std::uint64_t value;
        std::uint32_t id;  // who wrote it, and its how manyth
        unsigned lanes;
    };
    struct Place {
        Stamp stamp;
        std::uint16_t message;
        bool glued;  // written by a read-modify-write that read the one before
    };
    struct Atom {
        std::array<Place, max_messages> order;
        unsigned count;
        std::uint64_t hash;
        bool hash_known;
    };
    struct Eyes {
        View now;       // what happens before the next step
        View pending;   // what an acquire fence will add
        View released;  // what a relaxed store carries: `now` of the last release fence
        View floor;     // reads are not older than this; carried nowhere
        std::uint64_t history;
        std::uint32_t written;
    };

    static constexpr unsigned max_pool = 1024;

    [[nodiscard]] unsigned first_readable(const Eyes& eyes, unsigned atom) const noexcept;
    [[nodiscard]] bool followed(const Atom& atom, unsigned place) const noexcept {
        return place + 1 < atom.count && atom.order[place + 1].glued;
    }
    const Message& read(Eyes& eyes, unsigned atom, unsigned place, std::memory_order order, Access& access) noexcept;
    void write(unsigned thread, unsigned atom, unsigned place, std::memory_order order, std::uint64_t value,
               const Message* after) noexcept;

    Choices& choices_;
    std::array<Eyes, max_threads> eyes_{};
    std::array<Atom, max_atoms> atoms_{};
    std::array<Message, max_pool> pool_{};
    View fenced_{};  // what all seq_cst fences so far have seen
    std::uint64_t fences_ = 0;
    unsigned threads_ = 0;
    unsigned atom_count_ = 0;
    unsigned used_ = 0;
    unsigned lanes_ = 1;
};

}  // namespace nestling::model
