// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "glib/poll_hook.hpp"
#include "glib/scripted_source.hpp"
#include "glib/settings.hpp"
#include "glib/window_schedule.hpp"
#include "support/descriptors.hpp"
#include "support/second_thread.hpp"

namespace nestling::testing {

/// What a schedule begins with.
enum class Start : std::uint8_t {
    awake,       ///< everything a context can have, and an earlier timer
    resting,     ///< the same without poll hooks and timers, so that GLib calls neither prepare nor check any more
    event_alone  ///< nor descriptors: GLib polls the event itself
};
constexpr int starts = 3;

/// Runs one schedule, in which others do as `second_thread`, on a real GMainContext, whose sleeps are replaced by a
/// look: a sleep that nothing would end while there is work is what must not happen.
class WindowWorld {
public:
    WindowWorld(SecondThread& second_thread, const Setting& setting, Start start);
    ~WindowWorld();
    WindowWorld(const WindowWorld&) = delete;
    WindowWorld& operator=(const WindowWorld&) = delete;

    /// Empty if all went well, else what went wrong.
    std::string run(Schedule schedule);

private:
    /// The kinds of work, each with one callback that takes it.
    enum Work : std::uint8_t {
        bottom_half,
        posted,
        idle,
        hook,
        timer,
        wall,
        virtual_time,
        added,
        readable,
        muted,
        replaced
    };
    static constexpr std::size_t works = 11;

    void expect(Work work) { expected_[work] = true; }
    void done(Work work) { expected_[work] = false; }
    [[nodiscard]] bool has_pending() const;
    [[nodiscard]] std::string pending_text() const;

    void reach(Point point);
    void take(const Step& step);
    void act(Act act);
    void arm(std::chrono::nanoseconds deadline);
    void begin();
    void iterate();
    void prepare_by_hand();
    void iterate_by_hand();
    int poll(GPollFD* fds, guint size, int timeout);

    SecondThread& second_thread_;
    Start start_;
    Nested nested_;
    Context& context_;
    Schedule schedule_;
    std::array<bool, works> expected_{};
    bool is_running_ = false;
    bool is_first_ = false;
    bool is_quiet_ = false;
    bool has_extra_ = false;
    bool may_iterate_ = true;
    std::string error_;

    Ends hooked_;
    Ends ready_;
    Ends watched_;
    Ends muted_;
    Ends replaced_;
    Ends removed_;
    bool hook_says_yes_ = false;
    bool is_replaced_ = false;
    bool is_unmuted_ = false;

    BottomHalf trigger_;
    BottomHalf filler_;
    BottomHalf bottom_half_;
    BottomHalf idle_;
    Timer timer_;
    Timer earlier_timer_;
    std::chrono::nanoseconds earlier_deadline_{0};
    Timer wall_;
    Timer virtual_;
    FdHandler hook_;
    FdHandler added_;
    FdHandler watch_;
    FdHandler mute_;
    FdHandler replace_;
    FdHandler remove_;

    ScriptedSource earlier_;
    ScriptedSource later_;
    PollHook poll_hook_;
    /// An event object on Windows, where GLib waits for no sockets.
    EventNotifier unused_{NotifierKind::automatic};
    GPollFD extra_{};
    std::vector<GPollFD> by_hand_;
    int timeout_by_hand_ = -1;
    int priority_by_hand_ = 0;
};

}  // namespace nestling::testing
