// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

#include "support/fault_injection.hpp"

namespace nestling::testing {

/// Which calls are to fail, for the files that stand in front of the system.
class FailurePlan {
public:
    /// Any thread.
    void fail(Creation creation, int error, int successes) noexcept {
        of(creation).successes.store(successes);
        of(creation).error.store(error);
    }
    void succeed(Creation creation) noexcept { of(creation).error.store(0); }
    /// The error that this call of `creation` has to fail with, or 0.
    [[nodiscard]] int next_error(Creation creation) noexcept {
        Plan& plan = of(creation);
        const int error = plan.error.load();
        return error == 0 || plan.successes.fetch_sub(1) > 0 ? 0 : error;
    }

private:
    struct Plan {
        std::atomic<int> error{0};
        std::atomic<int> successes{0};
    };

    Plan& of(Creation creation) noexcept { return plans_[static_cast<std::size_t>(creation)]; }

    std::array<Plan, creation_kinds> plans_;
};

}  // namespace nestling::testing
