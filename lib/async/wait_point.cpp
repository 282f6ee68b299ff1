// SPDX-License-Identifier: MIT
#include <nestling/bottom_half.hpp>
#include <nestling/wait.hpp>

#include <condition_variable>
#include <list>
#include <mutex>

namespace nestling {

/// A mutex and not a count with fences: a waiter is on the list before its predicate is asked, and whoever kicks has
/// changed the condition before it looks at the list, so one of them sees the other (contracts F17.2, B-17).
struct WaitPoint::Waiters {
    std::mutex mutex;
    std::list<Waiting*> all;
};

struct WaitPoint::Waiting {
    explicit Waiting(Waiters& waiters) : point(waiters) {
        const std::lock_guard lock(point.mutex);
        place = point.all.insert(point.all.end(), this);
    }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    ~Waiting() {
        const std::lock_guard lock(point.mutex);
        point.all.erase(place);
    }

    /// Under the lock: the waiter cannot leave meanwhile.
    void kick() noexcept {
        if (half) {
            half.schedule();
        } else {
            is_kicked = true;
            kicked.notify_one();
        }
    }

    Waiters& point;
    std::list<Waiting*>::iterator place;
    /// Of who iterates: ends its sleep. A notify() would do for that, but not for an iteration that has looked already.
    BottomHalf half;
    // Of who blocks.
    bool is_kicked = false;
    std::condition_variable kicked;
};

WaitPoint::WaitPoint() : waiters_(std::make_unique<Waiters>()) {}
WaitPoint::~WaitPoint() = default;

void WaitPoint::kick() noexcept {
    const std::lock_guard lock(waiters_->mutex);
    for (Waiting* waiter : waiters_->all) {
        waiter->kick();
    }
}

WaitPoint::Waiter::Waiter(WaitPoint& point) : state_(std::make_unique<Waiting>(*point.waiters_)) {}

WaitPoint::Waiter::Waiter(WaitPoint& point, Context& own) {
    BottomHalf half(own, "WaitPoint", [] {});
    state_ = std::make_unique<Waiting>(*point.waiters_);
    const std::lock_guard lock(state_->point.mutex);
    state_->half = std::move(half);
}

WaitPoint::Waiter::~Waiter() = default;

void WaitPoint::Waiter::arm() const {
    const std::lock_guard lock(state_->point.mutex);
    state_->is_kicked = false;
}

void WaitPoint::Waiter::block() const {
    std::unique_lock lock(state_->point.mutex);
    state_->kicked.wait(lock, [this] { return state_->is_kicked; });
}

}  // namespace nestling
