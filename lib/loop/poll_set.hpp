// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "loop/busy_poll.hpp"
#include "loop/fd_ready_list.hpp"

namespace nestling::loop {

/// The sources of events of one context that polling may be worth while for: what is published, and the descriptors
/// that were ready lately. Home thread.
///
/// A descriptor joins when it is ready for the first time, and leaves when it has not been for long. The set is small:
/// who finds it full takes the place of the least hopeful one. So a wait costs the same however many handlers there
/// are.
class PollSet {
public:
    static constexpr std::size_t most_members = 16;

    /// How a wait has ended.
    enum class Ended : std::uint8_t { by_polling, by_sleeping };
    /// Whether something was published, or a notify() came.
    enum class Work : std::uint8_t { none, some };

    explicit PollSet(const BusyPolling& rule) : rule_(rule), work_(rule) { members_.reserve(most_members); }

    /// For how long to poll. O(members).
    [[nodiscard]] std::int64_t length() const noexcept {
        std::int64_t longest = work_.length();
        for (const Member& member : members_) {
            longest = std::max(longest, member.window.length());
        }
        return longest;
    }
    [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }

    /// A wait has ended `after` its start, for the sake of `work` and of those in `ready`. O(members, twice).
    void learn(Ended how, std::int64_t after, Work work, const FdReadyList& ready) noexcept {
        std::size_t seen = 0;
        for (const FdNode* node = ready.first(); node != nullptr && seen != most_members; node = node->next_ready) {
            ++seen;
            if (Member* member = find_or_join(node->key)) {
                member->has_event = true;
            }
        }
        apply(work_, work == Work::some, how, after);
        for (Member& member : members_) {
            apply(member.window, std::exchange(member.has_event, false), how, after);
        }
        std::erase_if(members_, [this](const Member& member) { return has_gone(member.window); });
    }

private:
    struct Member {
        fdmon::Key key;
        PollWindow window;
        bool has_event;
    };
    static constexpr std::int64_t long_ago = PollWindow::last_distance;

    [[nodiscard]] bool has_gone(const PollWindow& window) const noexcept {
        return window.length() == 0 && window.idle() / long_ago > window.max();
    }

    static void apply(PollWindow& window, bool has_event, Ended how, std::int64_t after) noexcept {
        if (!has_event) {
            window.missed(after);
        } else if (how == Ended::by_polling) {
            window.found(after);
        } else {
            window.slept(after);
        }
    }

    /// Null if each place is taken by one that has an event now.
    Member* find_or_join(fdmon::Key key) noexcept {
        Member* least = nullptr;
        for (Member& member : members_) {
            if (member.key == key) {
                return &member;
            }
            if (!member.has_event && (least == nullptr || member.window.length() < least->window.length())) {
                least = &member;
            }
        }
        const Member fresh{key, PollWindow(rule_), false};
        if (members_.size() != most_members) {
            members_.push_back(fresh);
            return &members_.back();
        }
        if (least != nullptr) {
            *least = fresh;
        }
        return least;
    }

    const BusyPolling rule_;
    PollWindow work_;
    std::vector<Member> members_;
};

}  // namespace nestling::loop
