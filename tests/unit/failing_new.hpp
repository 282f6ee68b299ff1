// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::testing {

/// While it lives, operator new of this thread throws, after `successes` calls that succeed.
class FailingNew {
public:
    explicit FailingNew(int successes);
    FailingNew(const FailingNew&) = delete;
    FailingNew& operator=(const FailingNew&) = delete;
    ~FailingNew();

    [[nodiscard]] static bool has_failed();
};

/// How many blocks that operator new has given to this thread are not deleted, less those of others that it has
/// deleted.
long live_blocks();

/// Runs `action` once for each of its allocations, with that one and all later ones failing, until it needs no more.
/// `action(n)` returns normally, or throws. `after_failure(n)` looks at what a failure has left.
template <class Action, class AfterFailure>
int fail_each_allocation(Action action, AfterFailure after_failure) {
    for (int successes = 0;; ++successes) {
        bool has_failed = false;
        {
            const FailingNew failing(successes);
            try {
                action();
            } catch (...) {
                has_failed = true;
            }
            if (!has_failed && !FailingNew::has_failed()) {
                return successes;
            }
        }
        after_failure(has_failed);
    }
}

}  // namespace nestling::testing
