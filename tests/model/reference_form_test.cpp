// SPDX-License-Identifier: MIT
// Why the reference protocol cannot be taken as it is: the loop that Nestling is modelled on, in its own order of
// steps, sleeps for ever on a sequence of one thread.
#include <array>
#include <cstdio>

#include "model/explorer/explore.hpp"
#include "support/testing.hpp"

namespace {

using namespace nestling::model;

/// When a loop takes its event away: the model does it in a handler that runs after the bottom halves; its older
/// releases did it when the wait ended.
enum class Clear { after_callbacks, before_callbacks };

/// The model's loop, as section 3.2 and G1 of its contracts describe it: notify_me has bit 0 for the outer loop and
/// counts native waits above, `notified` is looked at before a native sleep, and a poll() that finds the event set
/// takes it away, whoever it was meant for.
class ReferenceLoop {
public:
    explicit ReferenceLoop(Clear clear) : clear_(clear) { name(event_, "event"); }

    // ---- Producers ----

    void schedule(std::size_t half) {
        pending_[half].store(true, std::memory_order_release);
        notify();
    }
    void arm_timer() {
        is_armed_.store(true, std::memory_order_release);
        notify();
    }

    // ---- The outer loop ----

    void prepare() {
        notify_me_.store(notify_me_.load(std::memory_order_relaxed) | 1U, std::memory_order_relaxed);
        ModelAtomics::fence(std::memory_order_seq_cst);
        outer_may_sleep_ = !is_pending() && !is_armed_.load(std::memory_order_relaxed);
    }
    /// With what prepare() has said: a sleep without limit if nothing was pending or armed then, and no other
    /// thread is there to end it.
    void outer_wait() {
        if (outer_may_sleep_ && !event_.is_set()) {
            assert_that(!is_pending() && !is_armed_.load(std::memory_order_relaxed), "sleeps for ever with work to do");
        }
    }
    void check_and_dispatch() {
        notify_me_.store(notify_me_.load(std::memory_order_relaxed) & ~1U, std::memory_order_release);
        notified_.store(false, std::memory_order_relaxed);
        ModelAtomics::fence(std::memory_order_seq_cst);
        run();
    }

    // ---- The native loop ----

    void poll_without_sleep() {
        notified_.store(false, std::memory_order_relaxed);
        ModelAtomics::fence(std::memory_order_seq_cst);
        run();
    }

    [[nodiscard]] int runs(std::size_t half) const noexcept { return runs_[half]; }

    /// Called for bottom half 0.
    void (*callback)(ReferenceLoop&) = nullptr;

private:
    void notify() {
        notified_.store(true, std::memory_order_relaxed);
        ModelAtomics::fence(std::memory_order_seq_cst);
        if (notify_me_.load(std::memory_order_relaxed) != 0) {
            event_.set();
        }
    }

    [[nodiscard]] bool is_pending() {
        return pending_[0].load(std::memory_order_acquire) || pending_[1].load(std::memory_order_acquire);
    }

    void run() {
        const bool is_reported = event_.is_set();
        if (clear_ == Clear::before_callbacks && is_reported) {
            event_.drain();
        }
        // Those that are pending now; what their callbacks schedule is for the next iteration.
        std::array<bool, 2> due{};
        for (std::size_t half = 0; half < due.size(); ++half) {
            due[half] = pending_[half].exchange(false, std::memory_order_acq_rel);
        }
        for (std::size_t half = 0; half < due.size(); ++half) {
            if (due[half]) {
                ++runs_[half];
                if (half == 0 && callback != nullptr) {
                    callback(*this);
                }
            }
        }
        if (clear_ == Clear::after_callbacks && is_reported) {
            event_.drain();
        }
    }

    const Clear clear_;
    Event event_;
    ModelAtomics::Atomic<std::uint32_t> notify_me_{0};
    ModelAtomics::Atomic<bool> notified_{false};
    std::array<ModelAtomics::Atomic<bool>, 2> pending_;
    ModelAtomics::Atomic<bool> is_armed_{false};
    std::array<int, 2> runs_{};
    bool outer_may_sleep_ = false;
};

template <Clear clear>
struct Reference : ReferenceLoop {
    Reference() : ReferenceLoop(clear) {}
};

/// prepare; in the window a bottom half is scheduled and poll() called `polls` times; then the outer loop sleeps.
template <Clear clear>
Result nest(int polls, void (*callback)(ReferenceLoop&)) {
    Program<Reference<clear>> program;
    program.thread("loop", [=](Reference<clear>& state) {
        state.callback = callback;
        state.prepare();
        state.schedule(0);
        for (int round = 0; round < polls; ++round) {
            state.poll_without_sleep();
        }
        state.outer_wait();
        state.check_and_dispatch();
    });
    Options options;
    options.bounds = no_bounds;
    const Result result = explore(program, options);
    std::printf("%s\n", result.describe().c_str());
    return result;
}

const auto schedules_another = [](ReferenceLoop& loop) { loop.schedule(1); };
const auto arms_a_timer = [](ReferenceLoop& loop) { loop.arm_timer(); };
const auto does_nothing = [](ReferenceLoop&) {};

}  // namespace

TEST_CASE("the reference loop sleeps for ever when poll() before its sleep runs a bottom half that schedules another") {
    // Contracts M7. The proof has the same sequence, by this name, on the loop that ships.
    CHECK(nest<Clear::after_callbacks>(1, schedules_another).failure == Failure::assertion);
    CHECK(nest<Clear::after_callbacks>(1, does_nothing).ok());
    CHECK(nest<Clear::after_callbacks>(0, schedules_another).ok());
}

TEST_CASE(
    "taking the event away before the callbacks cures that, but not a timer that is armed before a second poll()") {
    // Contracts M3, also in the proof.
    CHECK(nest<Clear::before_callbacks>(1, schedules_another).ok());
    CHECK(nest<Clear::before_callbacks>(1, arms_a_timer).ok());
    CHECK(nest<Clear::before_callbacks>(2, arms_a_timer).failure == Failure::assertion);
}
