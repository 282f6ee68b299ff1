// SPDX-License-Identifier: MIT
#include <nestling-lab/lab.hpp>

#include <algorithm>
#include <exception>
#include <iterator>

#include "iteration.hpp"
#include "lab_core.hpp"
#include "open_fds.hpp"
#include "trace/timeline.hpp"

namespace nestling::lab {

using std::chrono::nanoseconds;

Lab::Lab(const LabOptions& options) : core_(std::make_unique<LabCore>(options)) {
    core_->guard_context();
}

Lab::~Lab() {
    core_->release_context();
}

GMainContext* Lab::context() const noexcept {
    return core_->context();
}

bool Lab::has_virtual_time() const noexcept {
    return core_->has_virtual_time();
}

const std::string& Lab::why_real_time() const noexcept {
    return core_->why_real_time();
}

bool Lab::counts_calls() const noexcept {
    return core_->counts_calls();
}

bool Lab::counts_allocations() const noexcept {
    return core_->counts_allocations();
}

nanoseconds Lab::now() const noexcept {
    return core_->now();
}

void Lab::advance(nanoseconds time) {
    core_->pass(core_->clock() + time.count(), [] { return false; });
}

SourceRecord& Lab::adopt(GSource* source) {
    SourceRecord& record = core_->watch().watch(source);
    if (g_source_get_context(source) == nullptr) {
        g_source_attach(source, core_->context());
    }
    return record;
}

SourceRecord& Lab::take(GSource* source) {
    SourceRecord& record = adopt(source);
    g_source_unref(source);
    return record;
}

SourceRecord* Lab::find(const GSource* source) noexcept {
    return SourceWatch::find(source);
}

const std::vector<std::unique_ptr<SourceRecord>>& Lab::sources() const noexcept {
    return core_->watch().records();
}

const Step& Lab::step() {
    if (!core_->iteration().is_open()) {
        return core_->iteration().whole(LabCore::Idle::give_up);
    }
    // Between two phases of another one.
    const Step* step = nullptr;
    core_->inside([&] { step = &core_->iteration().whole(LabCore::Idle::give_up); });
    return *step;
}

bool Lab::prepare() {
    return core_->iteration().prepare();
}

void Lab::query() {
    core_->iteration().query();
}

int Lab::poll() {
    return core_->iteration().poll(LabCore::Idle::give_up);
}

bool Lab::check() {
    return core_->iteration().check();
}

void Lab::dispatch() {
    core_->iteration().dispatch();
}

bool Lab::pending() {
    core_->begin_step();
    const bool is_pending = g_main_context_pending(core_->context()) != FALSE;
    core_->end_step();
    return is_pending;
}

bool Lab::run_until(const std::function<bool()>& condition, Within limit) {
    const std::int64_t end = core_->clock() + limit.time.count();
    const Horizon horizon(*core_, end);
    while (!condition()) {
        if (core_->clock() >= end || core_->iteration().whole(LabCore::Idle::wait).would_sleep) {
            return condition();
        }
    }
    return true;
}

void Lab::run_for(nanoseconds time) {
    const std::int64_t end = core_->clock() + time.count();
    const Horizon horizon(*core_, end);
    while (core_->clock() < end) {
        core_->iteration().whole(LabCore::Idle::give_up);
    }
    // What is due at the end belongs to it.
    core_->iteration().whole(LabCore::Idle::give_up);
}

At Lab::at(nanoseconds time) {
    return {*core_, time};
}

At Lab::in(nanoseconds time) {
    return at(now() + time);
}

void Lab::before(Phase phase, std::function<void()> action) {
    core_->before(phase, std::move(action));
}

int Lab::fake_fd() {
    const int fd = core_->script().make_fake();
    core_->script().set(fd, 0);
    return fd;
}

void Lab::on_thread(const std::function<void()>& action) {
    std::exception_ptr thrown;
    std::thread thread([&] {
        try {
            action();
        } catch (...) {
            thrown = std::current_exception();
        }
    });
    thread.join();
    if (thrown) {
        std::rethrow_exception(thrown);
    }
}

void Lab::on_owner_thread(const std::function<void()>& action) {
    g_main_context_release(core_->context());
    std::exception_ptr thrown;
    try {
        on_thread(action);
    } catch (...) {
        thrown = std::current_exception();
    }
    g_main_context_acquire(core_->context());
    if (thrown) {
        std::rethrow_exception(thrown);
    }
}

Counts Lab::counts() const noexcept {
    return core_->counts();
}

std::uint64_t Lab::wakeups() const noexcept {
    return core_->wakeups();
}

std::uint64_t Lab::steps_made() const noexcept {
    return core_->tracer().made();
}

std::uint64_t Lab::longest_spin() const noexcept {
    return core_->tracer().longest_spin();
}

Leftovers Lab::leftovers() const {
    Leftovers left;
    core_->watch().discover(core_->context());
    for (const auto& record : core_->watch().records()) {
        if (!record->finalized.load(std::memory_order_seq_cst) && !g_source_is_destroyed(record->source)) {
            left.sources.push_back(record->label());
        }
    }
    const std::vector<int> now = open_fds();
    std::set_difference(now.begin(), now.end(), core_->fds_before().begin(), core_->fds_before().end(),
                        std::back_inserter(left.fds));
    left.thread_defaults = g_main_context_get_thread_default() != core_->context() ? 1 : 0;
    return left;
}

std::string Leftovers::text() const {
    std::string text;
    for (const std::string& source : sources) {
        text += "source " + source + "\n";
    }
    for (const int fd : fds) {
        text += "fd " + std::to_string(fd) + "\n";
    }
    return text + (thread_defaults != 0 ? "a thread-default context\n" : "");
}

std::vector<const Step*> Lab::steps() const {
    return core_->tracer().kept();
}

std::string Lab::timeline(std::size_t last) const {
    return nestling::lab::timeline(*core_, last);
}

std::string Lab::json() const {
    return trace_json(*core_);
}

At& At::ready(int fd, int conditions) {
    core_->script().add(core_->to_clock(time_), [core = core_, fd, conditions] { core->script().set(fd, conditions); });
    return *this;
}

At& At::clear(int fd) {
    core_->script().add(core_->to_clock(time_), [core = core_, fd] { core->script().set(fd, 0); });
    return *this;
}

At& At::pulse(int fd, int conditions) {
    core_->script().add(core_->to_clock(time_),
                        [core = core_, fd, conditions] { core->script().pulse(fd, conditions); });
    return *this;
}

At& At::interrupt() {
    core_->script().add(core_->to_clock(time_), [core = core_] { core->script().interrupt(); });
    return *this;
}

At& At::run(std::function<void()> action) {
    core_->script().add(core_->to_clock(time_), [core = core_, action = std::move(action)] {
        action();
        core->script().end_poll();
    });
    return *this;
}

}  // namespace nestling::lab
