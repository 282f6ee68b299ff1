// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "sync/sleeper.hpp"

namespace nestling::sync {

enum class MaySleep : std::uint8_t { no, yes };

/// The home side of the wake protocol, for both drivers: in which order a loop looks, announces, sleeps, accepts and
/// runs, and what a native iteration owes an outer loop in whose window it ran.
///
/// A template, so that a model checker runs the very steps of the product. `Host` supplies
///
///     Outlook look_ahead()               what is ready; when the next deadline is. Takes in what is published.
///     EventSeen sleep(const Outlook&)    waits until something happens or the deadline; may throw
///     bool run()                         runs what is ready; true on progress
///     void tell_outer(const Outlook&)    prepares what the outer loop will wait for
///     bool is_outer_told(const Outlook&) brings that up to date; false if only a wake-up of the outer loop can
///     void wake_outer()                  writes the event
///     bool has_work_at_home()            something that this thread has scheduled and nobody has announced
///     void slept()                       counts an announcement
///
/// with `Outlook::ready`, and `Wake` is a form of the protocol.
template <class Host, class Wake>
class LoopSteps {
public:
    LoopSteps(Host& host, Wake& wake) noexcept : host_(host), wake_(wake) {}
    LoopSteps(const LoopSteps&) = delete;
    LoopSteps& operator=(const LoopSteps&) = delete;

    /// One native iteration. `look()` looks at the descriptors without sleeping and returns an EventSeen; `accept`
    /// takes (EventSeen, Ended).
    template <class Look, class Accept>
    bool poll(MaySleep may_sleep, Look look, Accept accept) {
        EventSeen seen = EventSeen::no;
        Ended ended = Ended::nothing;
        if (may_sleep == MaySleep::yes) {
            const auto outlook = host_.look_ahead();
            if (!outlook.ready && announce(Sleeper::native)) {
                host_.slept();
                seen = sleep(outlook);
                ended = Ended::native_wait;
            }
        }
        if (ended == Ended::nothing) {
            seen = look();
        }
        accept(seen, ended);
        const bool progress = host_.run();
        leave_window();
        return progress;
    }

    /// True: there is work, do not sleep. May be repeated.
    bool prepare() {
        const auto outlook = host_.look_ahead();
        if (!outlook.ready && announce(Sleeper::external)) {
            if (!window_is_open_) {
                window_is_open_ = true;
                host_.slept();
            }
            host_.tell_outer(outlook);
            return false;
        }
        close_window();
        return true;
    }

    /// The outer loop is awake. Consumes nothing.
    void close_window() noexcept {
        if (window_is_open_) {
            window_is_open_ = false;
            wake_.withdraw(Sleeper::external);
        }
    }

    /// The outer loop lets us run. `look` and `accept` as for poll().
    template <class Look, class Accept>
    bool dispatch(Look look, Accept accept) {
        const Ended ended = window_is_open_ ? Ended::external_wait : Ended::nothing;
        window_is_open_ = false;
        accept(look(), ended);
        const bool progress = host_.run();
        leave_window();
        return progress;
    }

    [[nodiscard]] bool window_is_open() const noexcept { return window_is_open_; }

private:
    bool announce(Sleeper sleeper) noexcept {
        if (!wake_.announce(sleeper)) {
            return false;
        }
        // A signal handler on this thread, between the look and the announcement, lists without telling anybody.
        if (!host_.has_work_at_home()) {
            return true;
        }
        wake_.withdraw(sleeper);
        return false;
    }

    template <class Outlook>
    EventSeen sleep(const Outlook& outlook) {
        try {
            return host_.sleep(outlook);
        } catch (...) {
            // Nobody ends this wait, and the mark of an outer sleeper may have gone with it.
            wake_.withdraw(Sleeper::native);
            if (window_is_open_) {
                host_.wake_outer();
            }
            throw;
        }
    }

    void leave_window() {
        if (!window_is_open_) {
            return;
        }
        // An outer loop may be about to sleep on what prepare() told it. What has been dealt with here need not wake
        // it; what is left, or has changed, must. The window stays open in either case: the next iteration may take
        // this wake-up away before the outer loop sees it.
        const auto outlook = host_.look_ahead();
        const bool is_told = !outlook.ready && host_.is_outer_told(outlook);
        const bool was_armed = wake_.is_armed(Sleeper::external);
        if (!is_told || !wake_.rearm() || host_.has_work_at_home()) {
            host_.wake_outer();
        } else if (!was_armed) {
            host_.slept();
        }
    }

    Host& host_;
    Wake& wake_;
    bool window_is_open_ = false;
};

}  // namespace nestling::sync
