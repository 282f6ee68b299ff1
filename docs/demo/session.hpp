// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <nestling-glib/source.hpp>
#include <nestling/context.hpp>

#include <array>
#include <memory>
#include <optional>

#include "interrupt.hpp"
#include "meter/frame_meter.hpp"
#include "options.hpp"
#include "run.hpp"

namespace demo {

class Session;

/// What people see: a window or a terminal.
class View {
public:
    virtual ~View() = default;
    /// The main loop is about to run. Starts the first run, now or later.
    virtual void begin() = 0;
    virtual void started(const Run& run) = 0;
    virtual void problem(const Problem& problem) = 0;
    virtual void walk_finished(const Run& run) = 0;
    /// The run has ended; it exists until the next one starts.
    virtual void finished(const RunReport& report) = 0;
    /// Whether to wait for people when there is nothing left to run.
    [[nodiscard]] virtual bool stays_open() const = 0;
};

/// The main loop with a context nested in it, and the run that is going on. Main thread.
class Session final : private RunObserver {
public:
    /// Throws std::system_error when the context cannot be had.
    explicit Session(Options options);
    ~Session() override;

    /// Runs the main loop until quit(); returns the exit code.
    int run(View& view);
    /// Starts what the options ask for.
    void start();
    /// Starts the job anew; one that is going on is dropped without a report. Not from a callback of the view.
    void start(Mode mode);
    /// Ends the session; a run that is going on is reported as interrupted.
    void close();
    void quit() { g_main_loop_quit(loop_.get()); }
    /// Ends the session with a line on stderr.
    void fail(const std::string& why);

    [[nodiscard]] const Options& options() const noexcept { return options_; }
    [[nodiscard]] FrameMeter& frames() noexcept { return frames_; }
    [[nodiscard]] const Run* current() const noexcept { return run_.get(); }
    /// The run that is going on, or has just ended, is followed by another one.
    [[nodiscard]] bool has_next() const noexcept { return next_.has_value(); }
    [[nodiscard]] const std::optional<RunReport>& last() const noexcept { return last_; }
    /// The last complete run in the other mode than that of last().
    [[nodiscard]] const RunReport* other() const;

private:
    void interrupt(int signal);
    void on_problem(const Problem& problem) override;
    void on_walk_finished() override;
    void on_finished(RunReport report) override;

    struct UnrefLoop {
        void operator()(GMainLoop* loop) const noexcept { g_main_loop_unref(loop); }
    };

    const Options options_;
    std::unique_ptr<GMainLoop, UnrefLoop> loop_;
    std::shared_ptr<nestling::Context> context_;
    nestling::glib::Attachment attachment_;
    Interrupt interrupt_;
    FrameMeter frames_;
    View* view_ = nullptr;
    std::unique_ptr<Run> run_;
    std::optional<Mode> next_;
    std::optional<RunReport> last_;
    std::array<std::optional<RunReport>, 2> complete_;  ///< by mode
    bool run_is_going_on_ = false;
    bool closing_ = false;
    int signal_ = 0;
    bool failed_ = false;
};

}  // namespace demo
