// SPDX-License-Identifier: MIT
#include "glib/window_world.hpp"

#include <algorithm>
#include <utility>

#include "glib/reading.hpp"

namespace nestling::testing {

namespace {
using namespace std::chrono_literals;
/// Long enough for any timer here, on any machine: a bound on failures, not on successes.
constexpr int patience_ms = 5000;
constexpr int most_iterations = 100;
constexpr std::array<const char*, 11> work_names{"bottom half", "post",       "idle bottom half", "poll hook",
                                                 "timer",       "wall timer", "virtual timer",    "added fd",
                                                 "readable fd", "unmuted fd", "replaced fd"};
}  // namespace

WindowWorld::WindowWorld(SecondThread& second_thread, const Setting& setting, Start start)
    : second_thread_(second_thread),
      start_(start),
      nested_(setting),
      context_(*nested_.context),
      trigger_(context_, "trigger", [this] { reach(Point::in_callback); }),
      filler_(context_, "filler", [] {}),
      bottom_half_(context_, "bottom half", [this] { done(bottom_half); }),
      idle_(context_, "idle", [this] { done(idle); }),
      timer_(context_, "timer", [this] { done(timer); }),
      earlier_timer_(context_, "earlier timer", [] {}),
      wall_(
          context_, "wall timer", [this] { done(wall); }, Clock::wall),
      virtual_(
          context_, "virtual timer", [this] { done(virtual_time); }, Clock::virtual_time),
      hook_(context_, hooked_.near(), "hook",
            {[] {},
             {},
             [this] { return hook_says_yes_; },
             [this] {
                 hook_says_yes_ = false;
                 done(hook);
             }}),
      watch_(context_, watched_.near(), "watched", reading([this] {
                 watched_.take();
                 done(readable);
             })),
      mute_(context_, muted_.near(), "muted", reading([this] {
                muted_.take();
                done(muted);
            })),
      replace_(context_, replaced_.near(), "replaced", {}),
      remove_(context_, removed_.near(), "removed",
              reading([this] { error_ = "the callback of a handler ran after its removal"; })),
      earlier_(nested_.main, -1,
               {[this] {
                    reach(Point::earlier_prepare);
                    return false;
                },
                [this] {
                    const bool is_ready = is_first_ && schedule_.driver == Driver::starves_check;
                    reach(Point::earlier_check);
                    return is_ready;
                },
                [] {}}),
      later_(nested_.main, 1,
             {[this] {
                  reach(Point::later_prepare);
                  return false;
              },
              [this] {
                  reach(Point::later_check);
                  return false;
              },
              [] {}}),
      poll_hook_(nested_.main, [this](GPollFD* fds, guint size, int timeout) { return poll(fds, size, timeout); }) {
    static_cast<void>(mute_.watch(Interest::none));
    muted_.put();
    replaced_.put();
    virtual_.arm_after(1h);
    if (start_ != Start::awake) {
        hook_ = FdHandler();
    }
    if (start_ == Start::event_alone) {
        for (FdHandler* handler : {&watch_, &mute_, &replace_, &remove_}) {
            *handler = FdHandler();
        }
    }
    extra_ = {unused_.fd(), G_IO_IN, 0};
}

WindowWorld::~WindowWorld() {
    if (has_extra_) {
        g_main_context_remove_poll(nested_.main.get(), &extra_);
    }
}

bool WindowWorld::has_pending() const {
    return std::any_of(expected_.begin(), expected_.end(), [](bool waiting) { return waiting; });
}

std::string WindowWorld::pending_text() const {
    std::string text;
    for (std::size_t work = 0; work < works; ++work) {
        text += expected_[work] ? std::string(text.empty() ? "" : ", ") + work_names[work] : "";
    }
    return text;
}

// ---- The schedule --------------------------------------------------------------------------------------------------

void WindowWorld::reach(Point point) {
    if (!is_running_) {
        return;
    }
    // Each point is passed once: what it does may come by here again.
    const std::vector<Step> steps = std::exchange(schedule_[point], {});
    const bool may_iterate = std::exchange(may_iterate_, may_iterate_ && point == Point::in_callback);
    for (const Step& step : steps) {
        take(step);
    }
    may_iterate_ = may_iterate;
}

void WindowWorld::take(const Step& step) {
    if (step.actor == Actor::home) {
        act(step.act);
        return;
    }
    second_thread_.run([&] { act(step.act); });
}

// ---- The iterations -------------------------------------------------------------------------------------------------

int WindowWorld::poll(GPollFD* fds, guint size, int timeout) {
    reach(Point::before_poll);
    if (is_first_ && schedule_.driver == Driver::skips_check && !std::exchange(has_extra_, true)) {
        g_main_context_add_poll(nested_.main.get(), &extra_, 0);
    }
    int ready = poll_glib(fds, size, 0);
    if (ready == 0 && timeout != 0) {
        if (has_pending()) {
            const bool takes_time = expected_[timer] || expected_[wall] || expected_[idle];
            const int limit = timeout > 0 ? timeout : (takes_time ? patience_ms : 0);
            ready = poll_glib(fds, size, limit);
            if (ready == 0 && timeout < 0) {
                error_ = "sleeps for ever with this pending: " + pending_text();
            }
        } else {
            is_quiet_ = true;
        }
    }
    reach(Point::after_poll);
    return ready;
}

void WindowWorld::prepare_by_hand() {
    GMainContext* context = nested_.main.get();
    int priority = 0;
    g_main_context_prepare(context, &priority);
    g_main_context_prepare(context, &priority);
    int needed = 16;
    do {
        by_hand_.resize(static_cast<std::size_t>(needed));
        needed = g_main_context_query(context, priority, &timeout_by_hand_, by_hand_.data(), needed);
    } while (static_cast<std::size_t>(needed) > by_hand_.size());
    by_hand_.resize(static_cast<std::size_t>(needed));
    priority_by_hand_ = priority;
}

void WindowWorld::iterate_by_hand() {
    GMainContext* context = nested_.main.get();
    g_main_context_acquire(context);
    prepare_by_hand();
    if (schedule_.driver == Driver::abandons_prepare) {
        reach(Point::before_poll);
    } else {
        const auto size = static_cast<guint>(by_hand_.size());
        poll(by_hand_.data(), size, timeout_by_hand_);
        if (g_main_context_check(context, priority_by_hand_, by_hand_.data(), static_cast<int>(size)) != FALSE) {
            g_main_context_dispatch(context);
        }
    }
    g_main_context_release(context);
}

void WindowWorld::iterate() {
    if (is_first_ && (schedule_.driver == Driver::repeats_prepare || schedule_.driver == Driver::abandons_prepare)) {
        iterate_by_hand();
    } else if (is_first_ && schedule_.driver == Driver::pending) {
        g_main_context_pending(nested_.main.get());
    } else {
        nested_.main.sleep();
    }
}

void WindowWorld::begin() {
    nested_.main.settle();
    if (start_ == Start::awake) {
        earlier_deadline_ = clock_now(Clock::monotonic) + 1ms;
        earlier_timer_.arm_at(earlier_deadline_);
    } else {
        rest(nested_);
    }
}

std::string WindowWorld::run(Schedule schedule) {
    begin();
    schedule_ = std::move(schedule);
    is_running_ = true;
    for (int left = most_iterations; left != 0; --left) {
        is_quiet_ = false;
        is_first_ = left == most_iterations;
        iterate();
        if (!error_.empty() || (is_quiet_ && !has_pending())) {
            return error_;
        }
    }
    return "does not get quiet; pending: " + pending_text();
}

}  // namespace nestling::testing
