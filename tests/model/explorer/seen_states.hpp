// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "model/explorer/choices.hpp"

namespace nestling::model {

/// States that have been looked at, with the budget that was left there. Grows to a fixed size; what is forgotten then
/// is looked at again. A state is known by 64 bits of hash, so two of them may be taken for one: among a million states
/// the odds are one in thirty million.
class SeenStates {
public:
    void forget_all() noexcept {
        ++generation_;
        used_ = 0;
    }

    /// True if `state` was looked at before with at least this budget. If not, it is from now on.
    bool check(std::uint64_t state, const Choices::Budget& left) {
        Entry& entry = place_of(state);
        const bool known = entry.generation == generation_ && entry.state == state;
        if (known && entry.left.covers(left)) {
            return true;
        }
        used_ += entry.generation == generation_ ? 0 : 1;
        entry = {state, left, generation_};
        if (used_ > entries_.size() / 2 && entries_.size() < largest) {
            grow();
        }
        return false;
    }

private:
    struct Entry {
        std::uint64_t state;
        Choices::Budget left;
        std::uint32_t generation;
    };

    static constexpr std::size_t ways = 4;
    static constexpr std::size_t largest = std::size_t{1} << 22U;

    /// The entry of `state`, or else the one to give up for it.
    Entry& place_of(std::uint64_t state) noexcept {
        Entry* const bucket = &entries_[(state & (entries_.size() - 1)) & ~(ways - 1)];
        Entry* victim = &bucket[state >> 62U];
        for (Entry* entry = bucket; entry != bucket + ways; ++entry) {
            if (entry->generation != generation_) {
                victim = entry;
            } else if (entry->state == state) {
                return *entry;
            }
        }
        return *victim;
    }

    void grow() {
        std::vector<Entry> old(entries_.size() * 4);
        old.swap(entries_);
        for (const Entry& entry : old) {
            if (entry.generation == generation_) {
                place_of(entry.state) = entry;
            }
        }
    }

    std::vector<Entry> entries_ = std::vector<Entry>(std::size_t{1} << 12U);
    std::size_t used_ = 0;
    std::uint32_t generation_ = 0;
};

}  // namespace nestling::model
