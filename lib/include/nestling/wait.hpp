// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <type_traits>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/context.hpp>

namespace nestling {

/// Home thread of `own`. Iterates as long as `predicate()` says true, and tells whether it did so at all. For what
/// callbacks of `own` change; what other threads change needs a WaitPoint, or the last sleep may never end.
/// `predicate` is asked before each iteration: it should have no other effect.
template <class Predicate>
bool wait_while(Context& own, Predicate predicate) {
    own.assert_home();
    if (!predicate()) {
        return false;
    }
    do {
        own.poll(Wait::block);
    } while (predicate());
    return true;
}

/// Home thread of `own`. Iterates until `predicate()` says true: at once, if it does already.
template <class Predicate>
void run_until(Context& own, Predicate predicate) {
    wait_while(own, [&predicate] { return !predicate(); });
}

/// Where threads wait for a condition that others change.
///
/// Whoever changes what a predicate reads calls kick() afterwards; a notify() of some context is not enough, because
/// the loop that it wakes looks at its own work, not at your condition. One object may serve any number of conditions:
/// being asked once too often does no harm.
///
/// Two threads that wait for each other get ahead as long as each of them iterates its own context while it waits,
/// which wait_while(own, ...) does. A thread that blocks serves nobody, so it must not be the home thread of a context
/// that the other one needs.
class NESTLING_API WaitPoint {
public:
    /// Any thread. Throws std::bad_alloc.
    WaitPoint();
    WaitPoint(const WaitPoint&) = delete;
    WaitPoint& operator=(const WaitPoint&) = delete;
    /// Any thread, when nobody waits or kicks.
    ~WaitPoint();

    /// Any thread. Each waiter asks its predicate again, and sees what was written before this. Allocates nothing.
    /// O(waiters).
    void kick() noexcept;

    /// Home thread of `own`. As nestling::wait_while(), also for what other threads change. May be nested, and may be
    /// called by several threads at once. Throws std::bad_alloc; nobody has waited then.
    template <class Predicate>
    bool wait_while(Context& own, Predicate predicate) {
        own.assert_home();
        const Waiter waiter(*this, own);
        return nestling::wait_while(own, std::move(predicate));
    }

    /// A thread that is home of no context that the condition depends on. Blocks as long as `predicate()` says true,
    /// and tells whether it did so at all.
    template <class Predicate>
    bool block_while(Predicate predicate) {
        const Waiter waiter(*this);
        bool waited = false;
        for (;;) {
            waiter.arm();
            if (!predicate()) {
                return waited;
            }
            waiter.block();
            waited = true;
        }
    }

private:
    struct Waiters;
    struct Waiting;

    class NESTLING_API Waiter {
    public:
        explicit Waiter(WaitPoint& point);
        Waiter(WaitPoint& point, Context& own);
        Waiter(const Waiter&) = delete;
        Waiter& operator=(const Waiter&) = delete;
        ~Waiter();
        /// Kicks from here on end the next block().
        void arm() const;
        void block() const;

    private:
        std::unique_ptr<Waiting> state_;
    };

    std::unique_ptr<Waiters> waiters_;
};

}  // namespace nestling
