// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <nestling-lab/lab.hpp>

#include "context_guard.hpp"
#include "script.hpp"
#include "source_watch.hpp"
#include "trace/tracer.hpp"

namespace nestling::lab {

class Iteration;

/// The inside of a Lab: its context, clock, script, and what it saw. Times in nanoseconds of the process's clock, or,
/// as std::chrono::nanoseconds, since the lab was made.
class LabCore {
public:
    explicit LabCore(const LabOptions& options);
    LabCore(const LabCore&) = delete;
    LabCore& operator=(const LabCore&) = delete;
    ~LabCore();

    /// The lab of the process.
    [[nodiscard]] static LabCore& current() noexcept;

    [[nodiscard]] GMainContext* context() const noexcept { return context_; }
    /// From here on the context is not to end.
    void guard_context() {
        guard_.emplace(context_);
        watch_.discover_after(guard_->id());
    }
    void release_context() noexcept { guard_.reset(); }
    [[nodiscard]] const LabOptions& options() const noexcept { return options_; }
    [[nodiscard]] bool is_home() const noexcept { return std::this_thread::get_id() == home_; }
    [[nodiscard]] const std::string& why_real_time() const noexcept { return why_real_; }
    [[nodiscard]] bool has_virtual_time() const noexcept { return why_real_.empty(); }
    [[nodiscard]] bool counts_calls() const noexcept { return counts_calls_; }
    [[nodiscard]] bool counts_allocations() const noexcept { return counts_allocations_; }
    [[nodiscard]] Script& script() noexcept { return script_; }
    [[nodiscard]] SourceWatch& watch() noexcept { return watch_; }
    [[nodiscard]] Tracer& tracer() noexcept { return tracer_; }
    [[nodiscard]] const std::vector<int>& fds_before() const noexcept { return fds_before_; }

    // ---- Time ----

    [[nodiscard]] std::int64_t clock() const noexcept;
    [[nodiscard]] std::chrono::nanoseconds now() const noexcept { return since_begin(clock()); }
    [[nodiscard]] std::chrono::nanoseconds since_begin(std::int64_t time) const noexcept {
        return std::chrono::nanoseconds(time - begin_);
    }
    [[nodiscard]] std::int64_t to_clock(std::chrono::nanoseconds time) const noexcept { return begin_ + time.count(); }
    /// Lets time pass to `deadline` (negative: no limit), moment by moment, or until `look` says yes. False: there is
    /// no limit and nothing to come. `fds` can end a wait in real time.
    bool pass(std::int64_t deadline, const std::function<bool()>& look, std::vector<GPollFD>* fds = nullptr);

    // ---- Iterations ----

    /// What to do when nothing is to come.
    enum class Idle : std::uint8_t { give_up, wait, abort };

    /// The one that is driven at the present depth.
    [[nodiscard]] Iteration& iteration();
    void begin_step();
    void end_step();
    Step& step_for_poll();
    int poll(GPollFD* fds, guint count, int timeout, Idle idle);
    /// No poll goes on after this moment; negative: no such limit.
    void set_horizon(std::int64_t time) noexcept { horizon_ = time; }
    [[nodiscard]] std::int64_t horizon() const noexcept { return horizon_; }
    void before(Phase phase, std::function<void()> action);
    void enter(Phase phase);
    /// Runs `action` so that steps in it lie inside the present one.
    void inside(const std::function<void()>& action);

    // ---- What is seen ----

    void note(TraceEvent::What what, unsigned source);
    void note_prepare(SourceRecord& source, bool ready, int timeout, bool is_asked);
    void note_check(SourceRecord& source, bool ready, bool is_asked);
    void note_dispatch(SourceRecord& source);
    void note_dispatched(SourceRecord& source, bool stays);
    [[nodiscard]] Counts counts() const noexcept;
    [[nodiscard]] std::uint64_t wakeups() const noexcept;

private:
    struct Answers {
        int ready = 0;
        int error = 0;
    };

    void take_time();
    [[nodiscard]] std::int64_t next_moment() const noexcept;
    void move_to(std::int64_t time, std::vector<GPollFD>* fds);
    Answers look(GPollFD* fds, guint count);
    int wait_really(GPollFD* fds, guint count);
    void let_busy_time_pass();
    Step& step_at_depth();
    void leave_depth();
    void push(const TraceEvent& event);

    const LabOptions options_;
    const std::thread::id home_ = std::this_thread::get_id();
    GMainContext* context_;
    std::int64_t begin_ = 0;
    std::int64_t wall_begin_ = 0;
    std::int64_t horizon_ = -1;
    /// Polls in a row that took no time.
    std::uint64_t busy_polls_ = 0;
    std::string why_real_;
    int wakeup_fd_ = -1;
    bool counts_calls_ = false;
    bool counts_allocations_ = false;
    Counts counts_before_;
    std::uint64_t wakeups_before_ = 0;
    std::vector<int> fds_before_;
    std::vector<GPollFD> real_fds_;
    std::vector<TraceEvent> early_;
    Script script_;
    Tracer tracer_;
    SourceWatch watch_;
    std::optional<ContextGuard> guard_;
    std::vector<std::pair<Phase, std::function<void()>>> before_;
    /// By depth.
    std::vector<std::unique_ptr<Iteration>> iterations_;
};

}  // namespace nestling::lab
