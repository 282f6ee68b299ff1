// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/bottom_half.hpp>
#include <nestling/context.hpp>

#include <chrono>
#include <memory>
#include <vector>

#include "delivery/delivery.hpp"
#include "finder/duplicate_finder.hpp"
#include "meter/frame_meter.hpp"
#include "meter/timer_probe.hpp"
#include "options.hpp"
#include "report/run_report.hpp"

namespace demo {

/// Who is told about a run.
class RunObserver {
public:
    virtual ~RunObserver() = default;
    virtual void on_problem(const Problem& problem) = 0;
    virtual void on_walk_finished() = 0;
    /// The last thing that the run does: it may be destroyed here.
    virtual void on_finished(RunReport report) = 0;
};

/// One job in one mode of delivery, and what was measured meanwhile. Home thread.
class Run final : private FinderObserver {
public:
    /// Throws std::system_error when threads or descriptors run out.
    Run(nestling::Context& context, const Options& options, Mode mode, FrameMeter& frames, RunObserver& observer);
    ~Run() override;

    void start();
    /// The job stops where it is and is reported as interrupted. If it has ended already, only its report comes sooner.
    void interrupt();

    [[nodiscard]] Mode mode() const noexcept { return mode_; }
    [[nodiscard]] const DuplicateFinder& finder() const noexcept { return finder_; }
    [[nodiscard]] const Progress& progress() const noexcept { return finder_.progress(); }
    /// While the job runs: until now; then: of the job.
    [[nodiscard]] Measurements measured() const;

private:
    void on_problem(const Problem& problem) override;
    void on_walk_finished() override { observer_.on_walk_finished(); }
    void on_finished() override;
    void end();

    nestling::Context& context_;
    const Options& options_;
    const Mode mode_;
    FrameMeter& frames_;
    RunObserver& observer_;
    TimerProbe probe_;
    std::unique_ptr<Delivery> delivery_;
    DuplicateFinder finder_;
    std::chrono::nanoseconds begun_{0};
    Measurements at_end_;
    std::vector<Problem> problems_;
    nestling::BottomHalf end_;
};

}  // namespace demo
