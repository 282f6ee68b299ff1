// SPDX-License-Identifier: MIT
#include <nestling/loop_doctor.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "async/loop_examination.hpp"
#include "loop/context_core.hpp"
#include "os/clock.hpp"
#include "os/forget.hpp"
#include "os/this_thread.hpp"

namespace nestling {

struct LoopDoctor::State {
    State(Context& context, std::function<void(const Diagnosis&)> tell, const LoopDoctorOptions& chosen)
        : core(context.core()),
          report(std::move(tell)),
          options(chosen),
          examination(context.name()),
          log(core.stack().watch()) {
        apply();
        // So that a loop that sleeps learns that it is watched.
        core.notify();
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() { core.stack().unwatch(); }

    /// Under the mutex of options, or before anybody else knows of this.
    void apply() const { log.set_long_call(options.long_callback.count()); }

    void make_rounds() {
        os::name_this_thread("loop doctor");
        std::unique_lock lock(options_mutex);
        while (!is_over) {
            // Like this, because some libraries of C++ add it to a time of day, where it must not overflow.
            constexpr std::chrono::nanoseconds longest = std::chrono::hours(24);
            changed.wait_for(lock, std::min(options.period, longest));
            if (!is_over) {
                lock.unlock();
                examine();
                lock.lock();
            }
        }
    }

    [[nodiscard]] async::LoopSight see() const {
        async::LoopSight sight;
        const bool has_home = core.home().is_set();
        // In this order: a loop that has gone on since it was found awake is not stuck.
        sight.may_rest = !has_home || core.queue().is_armed();
        sight.iterations = core.statistics().iterations;
        sight.running = log.running();
        sight.rows = log.rows();
        sight.now = os::monotonic_ns();
        return sight;
    }

    std::size_t examine() {
        const std::lock_guard one_at_a_time(examining);
        const LoopDoctorOptions now = [this] {
            const std::lock_guard lock(options_mutex);
            return options;
        }();
        const std::vector<Diagnosis> found = examination.look(see(), now);
        for (const Diagnosis& diagnosis : found) {
            report(diagnosis);
        }
        return found.size();
    }

    loop::ContextCore& core;
    const std::function<void(const Diagnosis&)> report;

    std::mutex options_mutex;
    std::condition_variable changed;
    LoopDoctorOptions options;
    bool is_over = false;

    std::mutex examining;
    async::LoopExamination examination;
    loop::HandlerLog& log;
    std::thread thread;
};

LoopDoctor::LoopDoctor(Context& context, std::function<void(const Diagnosis&)> report, LoopDoctorOptions options) {
    context.core().assert_not_forked("LoopDoctor");
    state_ = std::make_unique<State>(context, std::move(report), options);
    if (options.rounds == Rounds::own_thread) {
        state_->thread = std::thread([state = state_.get()] { state->make_rounds(); });
    }
}

LoopDoctor::~LoopDoctor() {
    if (state_->core.is_in_child()) {
        // Its thread is not here.
        os::forget(std::move(state_));
        return;
    }
    {
        const std::lock_guard lock(state_->options_mutex);
        state_->is_over = true;
        state_->changed.notify_all();
    }
    if (state_->thread.joinable()) {
        state_->thread.join();
    }
    const std::lock_guard last_report(state_->examining);
}

std::size_t LoopDoctor::examine() {
    state_->core.assert_not_forked("LoopDoctor::examine()");
    return state_->examine();
}

void LoopDoctor::set_options(const LoopDoctorOptions& options) {
    const std::lock_guard lock(state_->options_mutex);
    state_->options = options;
    state_->apply();
}

std::vector<HandlerLoad> LoopDoctor::loads() const {
    std::vector<HandlerLoad> loads;
    for (const auto& row : state_->log.rows()) {
        loads.push_back(
            {row.name, row.calls, std::chrono::nanoseconds(row.time), std::chrono::nanoseconds(row.longest)});
    }
    std::sort(loads.begin(), loads.end(), [](const HandlerLoad& a, const HandlerLoad& b) { return a.time > b.time; });
    return loads;
}

}  // namespace nestling
