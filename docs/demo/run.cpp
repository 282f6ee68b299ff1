// SPDX-License-Identifier: MIT
#include "run.hpp"

#include <nestling/timer.hpp>

#include <utility>

#include "delivery/glib_delivery.hpp"
#include "delivery/nestling_delivery.hpp"

namespace demo {

namespace {

std::chrono::nanoseconds now() {
    return nestling::clock_now(nestling::Clock::monotonic);
}

std::unique_ptr<Delivery> make_delivery(nestling::Context& context, Mode mode, std::size_t threads) {
    if (mode == Mode::glib) {
        return std::make_unique<GlibDelivery>(threads);
    }
    return std::make_unique<NestlingDelivery>(context, threads);
}

const char* monitor_name(nestling::MonitorKind kind) {
    using nestling::MonitorKind;
    return kind == MonitorKind::epoll ? "epoll" : kind == MonitorKind::io_uring ? "io_uring" : "poll";
}

}  // namespace

Run::Run(nestling::Context& context, const Options& options, Mode mode, FrameMeter& frames, RunObserver& observer)
    : context_(context),
      options_(options),
      mode_(mode),
      frames_(frames),
      observer_(observer),
      probe_(context),
      delivery_(make_delivery(context, mode, options.threads)),
      finder_(*delivery_, {options.roots, options.links, options.min_size}, *this),
      end_(context, "end of the job", [this] { end(); }) {}

Run::~Run() {
    // The finder receives what is delivered, and dies first.
    delivery_->stop();
}

void Run::start() {
    begun_ = now();
    frames_.begin(begun_);
    probe_.start();
    finder_.start();
}

void Run::interrupt() {
    if (finder_.is_finished()) {
        probe_.stop();
        end_.schedule();
    } else {
        finder_.interrupt();
    }
}

void Run::on_problem(const Problem& problem) {
    problems_.push_back(problem);
    observer_.on_problem(problem);
}

void Run::on_finished() {
    at_end_ = {};
    at_end_.elapsed = now() - begun_;
    at_end_.frames = frames_.facts(now());
    at_end_.wakes = delivery_->wakes();
    // This may be within a callback of the delivery: it is stopped later.
    if (finder_.was_interrupted()) {
        probe_.stop();
        end_.schedule();
    } else {
        probe_.finish([this] { end_.schedule(); });
    }
}

void Run::end() {
    delivery_->stop();
    RunReport report;
    report.roots = options_.roots;
    report.mode = mode_;
    report.threads = options_.threads;
    report.monitor = monitor_name(context_.monitor().kind);
    report.reading = delivery_->reading();
    report.interrupted = finder_.was_interrupted();
    report.progress = finder_.progress();
    report.measured = measured();
    report.groups = reported_groups(finder_);
    report.problems = std::move(problems_);
    observer_.on_finished(std::move(report));
}

Measurements Run::measured() const {
    Measurements measured = at_end_;
    if (!finder_.is_finished()) {
        measured.elapsed = now() - begun_;
        measured.frames = frames_.facts(now());
        measured.wakes = delivery_->wakes();
    }
    const nestling::Statistics statistics = context_.statistics();
    measured.longest_callback = statistics.longest_callback;
    measured.longest_callback_name = statistics.longest_callback_name;
    measured.latency = delivery_->latency();
    measured.sent = delivery_->sent();
    measured.received = delivery_->received();
    measured.timer_lateness = probe_.lateness();
    measured.timers_early = probe_.early();
    return measured;
}

}  // namespace demo
