// SPDX-License-Identifier: MIT
#include "loop/callback_stack.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "os/clock.hpp"
#include "os/marks.hpp"

namespace nestling::loop {

CallbackStack::CallbackStack(const Reporter& reporter) noexcept
    : reporter_(reporter), profilers_(os::marks::are_wanted() ? 1 : 0), watchers_(profilers_) {}

CallbackStack::~CallbackStack() {
    delete log_.load();
}

void CallbackStack::Frame::add(Callback<void()> action) {
    if (action_count_ < actions_.of.first.size()) {
        ::new (&actions_.of.first[action_count_]) Callback<void()>(std::move(action));
    } else if (action_count_ == actions_.of.first.size()) {
        auto more = std::make_unique<std::vector<Callback<void()>>>();
        more->push_back(std::move(action));
        actions_.of.more = more.release();
    } else {
        actions_.of.more->push_back(std::move(action));
    }
    ++action_count_;
}

void CallbackStack::Frame::finish() noexcept {
    // What an action asks for is done at once: the node is not running any more.
    const std::size_t count = std::exchange(action_count_, 0U);
    for (std::size_t at = 0; at != std::min(count, actions_.of.first.size()); ++at) {
        carry_out(actions_.of.first[at]);
        actions_.of.first[at].~Callback();
    }
    if (count > actions_.of.first.size()) {
        const std::unique_ptr<std::vector<Callback<void()>>> more(actions_.of.more);
        for (Callback<void()>& action : *more) {
            carry_out(action);
        }
    }
}

void CallbackStack::Frame::carry_out(Callback<void()>& action) noexcept {
    try {
        action();
    } catch (...) {
        stack_.reporter_.exception(name_);
    }
}

CallbackStack::Frame* CallbackStack::outermost(const void* node) const noexcept {
    Frame* found = nullptr;
    for (Frame* frame = top_; frame != nullptr; frame = frame->outer_) {
        if (frame->node_ == node) {
            found = frame;
        }
    }
    return found;
}

void CallbackStack::when_done(const void* node, Callback<void()> action) {
    if (Frame* frame = outermost(node)) {
        frame->add(std::move(action));
    } else {
        action();
    }
}

std::int64_t CallbackStack::now() noexcept {
    return os::monotonic_ns();
}

// ---- Traced callbacks ----------------------------------------------------------------------------------------------

namespace {
/// Shorter ones would hide the others on a profiler's time line.
constexpr std::int64_t shortest_mark = 50'000;
}  // namespace

void CallbackStack::begin_timed(Timing& timing, const void* node, const char* name) noexcept {
    timing.begin = now();
    timing.call.entry = nullptr;
    if (!traced_) {
        return;
    }
    if (HandlerLog* const log = log_.load()) {
        log->begin(timing.call, node, name, timing.begin);
    }
    os::probes::callback_begin(reporter_.context_name().c_str(), name);
}

void CallbackStack::end_timed(Timing& timing, const char* name) noexcept {
    const std::int64_t end = now();
    if (timing.call.entry != nullptr) {
        // The handle may be gone, and its name with it.
        name = timing.call.entry->name.data();
        log_.load()->end(timing.call, end);
    }
    longest_.note(name, end - timing.begin);
    if (traced_) {
        const char* const context = reporter_.context_name().c_str();
        os::probes::callback_end(context, name, end - timing.begin);
        if (end - timing.begin >= shortest_mark && profilers_ != 0) {
            os::marks::add(timing.begin, end - timing.begin, context, name);
        }
    }
}

void CallbackStack::look_again(int fd, std::uint32_t events) noexcept {
    if (HandlerLog* const log = log_.load()) {
        log->look_again(fd, events);
    }
}

void CallbackStack::begin_trace() noexcept {
    if (!std::exchange(traced_, true)) {
        if (HandlerLog* const log = log_.load()) {
            log->begin_anew();
        }
    }
}

void CallbackStack::trace_iteration(HandlerLog::Waited waited) const noexcept {
    if (HandlerLog* const log = log_.load()) {
        log->begin_iteration(waited);
    }
    os::probes::iteration_begin(reporter_.context_name().c_str(), waited == HandlerLog::Waited::yes ? 1 : 0);
}

void CallbackStack::trace_end(bool progress) const noexcept {
    os::probes::iteration_end(reporter_.context_name().c_str(), progress ? 1 : 0);
}

void CallbackStack::trace_sleep(std::int64_t deadline) const noexcept {
    const std::int64_t timeout = deadline < 0 ? -1 : std::max<std::int64_t>(deadline - now(), 0);
    os::probes::sleep_begin(reporter_.context_name().c_str(), timeout);
}

void CallbackStack::trace_wake() const noexcept {
    os::probes::sleep_end(reporter_.context_name().c_str());
}

HandlerLog& CallbackStack::watch() {
    HandlerLog* log = log_.load();
    if (log == nullptr) {
        auto fresh = std::make_unique<HandlerLog>();
        if (log_.compare_exchange_strong(log, fresh.get())) {
            log = fresh.release();
        }
    }
    watchers_.fetch_add(1);
    return *log;
}

void CallbackStack::unwatch() noexcept {
    watchers_.fetch_sub(1);
}

}  // namespace nestling::loop
