// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "model/explorer/bounds.hpp"

namespace nestling::model {

/// The choices of one execution, and the way to the next: depth first, by running everything again with the last choice
/// that has something left changed. The first option of each choice is the plain one and costs nothing.
class Choices {
public:
    enum class Cost : std::uint8_t { none, preemption, weak };

    /// What an execution may still spend.
    struct Budget {
        std::uint8_t total;
        std::uint8_t preemptions;
        std::uint8_t weak;
        std::uint8_t spurious;

        [[nodiscard]] bool covers(const Budget& other) const noexcept {
            return total >= other.total && preemptions >= other.preemptions && weak >= other.weak &&
                   spurious >= other.spurious;
        }
    };

    /// Begins a search that may spend `total` in each execution.
    void restart(const Bounds& bounds, std::uint8_t total) {
        path_.clear();
        full_ = {total, bounds.preemptions, bounds.weak, bounds.spurious};
        cut_by_total_ = false;
        cut_by_kind_ = false;
        rewind();
    }

    /// The same execution again.
    void rewind() noexcept {
        depth_ = 0;
        spent_ = 0;
        left_ = full_;
    }

    /// The next execution. False: there is none.
    bool advance() {
        while (!path_.empty() && path_.back().taken + 1 == path_.back().options) {
            path_.pop_back();
        }
        if (path_.empty()) {
            return false;
        }
        ++path_.back().taken;
        rewind();
        return true;
    }

    unsigned choose(Cost cost, unsigned options) {
        if (options < 2 || !affordable(cost)) {
            return 0;
        }
        if (depth_ == path_.size()) {
            path_.push_back({0, static_cast<std::uint16_t>(options)});
        }
        const unsigned taken = path_[depth_++].taken;
        if (taken != 0 && cost != Cost::none) {
            ++spent_;
            spend(left_.total);
            spend(cost == Cost::weak ? left_.weak : left_.preemptions);
        }
        return taken;
    }

    [[nodiscard]] bool may_fail_spuriously() const noexcept { return left_.spurious != 0; }
    void spend_spurious() noexcept { spend(left_.spurious); }

    /// True while the execution repeats what an earlier one did.
    [[nodiscard]] bool repeating() const noexcept { return depth_ < path_.size(); }

    [[nodiscard]] Budget left() const noexcept { return left_; }
    /// How far this execution is from the plain one.
    [[nodiscard]] unsigned spent() const noexcept { return spent_; }

    /// Whether this search has left out anything because `total`, or because one of the bounds was reached.
    [[nodiscard]] bool cut_by_total() const noexcept { return cut_by_total_; }
    [[nodiscard]] bool cut_by_kind() const noexcept { return cut_by_kind_; }

private:
    struct Choice {
        std::uint16_t taken;
        std::uint16_t options;
    };

    static void spend(std::uint8_t& left) noexcept {
        if (left != unlimited) {
            --left;
        }
    }

    bool affordable(Cost cost) noexcept {
        if (cost == Cost::none) {
            return true;
        }
        if ((cost == Cost::weak ? left_.weak : left_.preemptions) == 0) {
            cut_by_kind_ = true;
            return false;
        }
        cut_by_total_ = cut_by_total_ || left_.total == 0;
        return left_.total != 0;
    }

    std::vector<Choice> path_;
    std::size_t depth_ = 0;
    unsigned spent_ = 0;
    Budget full_{};
    Budget left_{};
    bool cut_by_total_ = false;
    bool cut_by_kind_ = false;
};

}  // namespace nestling::model
