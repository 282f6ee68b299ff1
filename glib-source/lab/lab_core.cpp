// SPDX-License-Identifier: MIT
#include "lab_core.hpp"

#include <atomic>
#include <stdexcept>

#include "iteration.hpp"
#include "open_fds.hpp"
#include "stage/stage.hpp"

namespace nestling::lab {

namespace {

std::atomic<LabCore*> the_lab{nullptr};

/// Of loops that others run in the lab's context.
gint lab_poll(GPollFD* fds, guint count, gint timeout) {
    return LabCore::current().poll(fds, count, timeout, LabCore::Idle::abort);
}

int wakeup_fd_of(GMainContext* context) {
    GPollFD wakeup{};
    gint timeout = 0;
    g_main_context_query(context, G_MAXINT, &timeout, &wakeup, 1);
    return static_cast<int>(wakeup.fd);
}

}  // namespace

LabCore& LabCore::current() noexcept {
    return *the_lab.load(std::memory_order_seq_cst);
}

LabCore::LabCore(const LabOptions& options)
    : options_(options), context_(nullptr), tracer_(options.steps_kept), watch_(*this) {
    LabCore* none = nullptr;
    if (!the_lab.compare_exchange_strong(none, this, std::memory_order_seq_cst)) {
        throw std::logic_error("nestling::lab::Lab: there is a lab in this process already");
    }
    context_ = g_main_context_new();
    g_main_context_push_thread_default(context_);
    g_main_context_set_poll_func(context_, lab_poll);
    wakeup_fd_ = wakeup_fd_of(context_);
    counts_calls_ = stage::watch_wakeups(wakeup_fd_);
    counts_allocations_ = stage::counts_allocations();
    fds_before_ = open_fds();
    take_time();
    wakeups_before_ = stage::wakeups();
    counts_before_ = stage::counts();
}

LabCore::~LabCore() {
    stage::release_time();
    stage::watch_wakeups(-1);
    g_main_context_set_poll_func(context_, nullptr);
    g_main_context_pop_thread_default(context_);
    g_main_context_unref(context_);
    the_lab.store(nullptr, std::memory_order_seq_cst);
}

void LabCore::take_time() {
    // GLib divides by 1000, and its timeouts are milliseconds: whole ones are shown exactly.
    constexpr std::int64_t millisecond = 1'000'000;
    begin_ = (stage::monotonic() / millisecond + 1) * millisecond;
    wall_begin_ = options_.wall_clock == WallClock::follows ? stage::wall() : 0;
    if (!stage::stop_time(*this, begin_, wall_begin_)) {
        why_real_ =
            "the lab does not stand before the C library: it is linked statically, was loaded late, or has no "
            "such means on this system";
        begin_ = stage::monotonic();
    }
}

std::int64_t LabCore::clock() const noexcept {
    return stage::monotonic();
}

std::int64_t LabCore::next_moment() const noexcept {
    std::int64_t next = script_.next();
    const auto consider = [&next](std::int64_t time) {
        if (time >= 0 && (next < 0 || time < next)) {
            next = time;
        }
    };
    consider(horizon_);
    if (has_virtual_time()) {
        consider(stage::next_timer_fd());
    }
    return next;
}

void LabCore::move_to(std::int64_t time, std::vector<GPollFD>* fds) {
    if (has_virtual_time()) {
        stage::move_time(time, wall_begin_ == 0 ? 0 : wall_begin_ + (time - begin_));
        return;
    }
    constexpr std::int64_t millisecond = 1'000'000;
    for (std::int64_t now = clock(); now < time; now = clock()) {
        const std::int64_t rest = (time - now + millisecond - 1) / millisecond;
        if (stage::poll(fds != nullptr ? fds->data() : nullptr, fds != nullptr ? static_cast<guint>(fds->size()) : 0,
                        rest) > 0) {
            return;
        }
    }
}

bool LabCore::pass(std::int64_t deadline, const std::function<bool()>& look, std::vector<GPollFD>* fds) {
    for (;;) {
        script_.run_due(clock());
        if (look()) {
            return true;
        }
        const std::int64_t now = clock();
        if (deadline >= 0 && now >= deadline) {
            return true;
        }
        std::int64_t next = next_moment();
        if (horizon_ >= 0 && now >= horizon_) {
            return true;
        }
        next = next < 0 || (deadline >= 0 && deadline < next) ? deadline : next;
        if (next < 0) {
            return false;
        }
        move_to(next, fds);
    }
}

void LabCore::before(Phase phase, std::function<void()> action) {
    before_.emplace_back(phase, std::move(action));
}

void LabCore::enter(Phase phase) {
    // One may add another.
    for (std::size_t at = 0; at < before_.size();) {
        if (before_[at].first != phase) {
            ++at;
            continue;
        }
        const std::function<void()> action = std::move(before_[at].second);
        before_.erase(before_.begin() + static_cast<std::ptrdiff_t>(at));
        note(TraceEvent::What::act, 0);
        inside(action);
    }
}

void LabCore::inside(const std::function<void()>& action) {
    struct Depth {
        explicit Depth(LabCore& lab) noexcept : core(lab) { core.tracer_.enter(); }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;
        ~Depth() { core.leave_depth(); }
        LabCore& core;
    };
    const Depth depth(*this);
    action();
}

Iteration& LabCore::iteration() {
    while (iterations_.size() <= tracer_.depth()) {
        iterations_.push_back(std::make_unique<Iteration>(*this));
    }
    return *iterations_[tracer_.depth()];
}

Counts LabCore::counts() const noexcept {
    return counts_calls_ ? stage::counts().since(counts_before_) : Counts{};
}

std::uint64_t LabCore::wakeups() const noexcept {
    return stage::wakeups() - wakeups_before_;
}

}  // namespace nestling::lab

namespace nestling::lab::stage {

bool pass_time(LabCore& lab, std::int64_t deadline, bool (*look)(void*), void* data) {
    return lab.pass(deadline, [look, data] { return look(data); });
}

bool script_answers(LabCore& lab, int fd, unsigned short events, unsigned short& revents) {
    Script& script = lab.script();
    if (!script.has(fd)) {
        return false;
    }
    revents = script.answer(fd, events);
    return true;
}

}  // namespace nestling::lab::stage
