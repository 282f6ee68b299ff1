// SPDX-License-Identifier: MIT
#include "model/explorer/engine.hpp"

#include <cstdio>
#include <cstdlib>

#include "model/explorer/hash.hpp"

namespace nestling::model {

namespace {

Engine* active_engine = nullptr;

}  // namespace

const char* name_of(Failure failure) noexcept {
    constexpr std::array<const char*, 8> names{
        "ok", "assertion", "lost wakeup", "data race", "uninitialised", "use after free", "unpublished", "livelock"};
    return names[static_cast<unsigned>(failure)];
}

void fail(Failure failure, const char* text) noexcept {
    Engine::active().end_with(failure, text);
}

void give_up(const char* text) noexcept {
    std::fprintf(stderr, "explorer: %s\n", text);
    std::abort();
}

Engine::Engine(Scenario& scenario, Choices& choices, SeenStates* seen, unsigned steps)
    : scenario_(scenario),
      choices_(choices),
      seen_(seen),
      memory_(choices),
      lifetimes_(memory_),
      thread_count_(scenario.threads() + 1),
      step_limit_(steps) {
    if (thread_count_ > max_threads || active_engine != nullptr) {
        give_up("too many threads, or one exploration inside of another");
    }
    active_engine = this;
    for (unsigned i = 1; i < thread_count_; ++i) {
        threads_[i].index = i;
        threads_[i].fiber = std::make_unique<Fiber>(&Engine::thread_entry, &threads_[i]);
    }
}

Engine::~Engine() {
    active_engine = nullptr;
}

Engine& Engine::active() noexcept {
    if (active_engine == nullptr) {
        give_up("an object of the model is used outside of an exploration");
    }
    return *active_engine;
}

Engine::Outcome Engine::run(Trace* trace) {
    trace_ = trace;
    if (trace_ != nullptr) {
        trace_->clear();
        trace_->name_thread(0, "before and after");
    }
    memory_.reset(thread_count_);
    lifetimes_.reset();
    latest_count_ = 0;
    steps_ = 0;
    current_ = 0;
    failure_ = Failure::none;
    failure_text_ = "";
    attempt_.action = nullptr;
    for (unsigned i = 1; i < thread_count_; ++i) {
        Thread& thread = threads_[i];
        thread.started = thread.fresh = thread.ended = false;
        thread.interrupted = !scenario_.has_interrupt(i);
        thread.waits_for = no_wait;
        thread.own_steps = 0;
        thread.others_at_wait = thread.others_at_yield = never;
        thread.history = 0;
        if (trace_ != nullptr) {
            trace_->name_thread(i, scenario_.thread_name(i));
        }
    }
    scenario_.build();
    for (unsigned i = 1; i < thread_count_; ++i) {
        memory_.fork(i);
    }
    memory_.tick(0);
    running_ = true;
    go();
    if (outcome_ == Outcome::ended) {
        for (unsigned i = 1; i < thread_count_; ++i) {
            memory_.join(i);
        }
        conclude();
    }
    running_ = false;
    scenario_.clear();
    return outcome_;
}

// Small, so that nothing of theirs is in a register when they are entered for the second time.
void Engine::go() noexcept {
    if (_setjmp(main_) == 0) {
        schedule();
    }
    current_ = 0;
}

void Engine::conclude() noexcept {
    if (_setjmp(main_) == 0) {
        scenario_.finish();
    }
}

void Engine::leave() noexcept {
    _longjmp(main_, 1);
}

void Engine::end_with(Failure failure, const char* text) noexcept {
    if (!running_) {
        give_up(text);
    }
    if (trace_ != nullptr && attempt_.action != nullptr) {
        trace_->add(attempt_);
    }
    if (trace_ != nullptr && failure == Failure::lost_wakeup) {
        for (unsigned i = 1; i < thread_count_; ++i) {
            if (!threads_[i].ended) {
                trace_->add({i, threads_[i].waits_for, "wait: sleeps for ever", {}, Step::Shows::nothing, {}});
            }
        }
    }
    outcome_ = Outcome::failed;
    failure_ = failure;
    failure_text_ = text;
    leave();
}

void Engine::thread_entry(void* thread) noexcept {
    active_engine->body(*static_cast<Thread*>(thread));
}

void Engine::body(Thread& self) {
    scenario_.run(self.index);
    interrupt(self, Choices::Cost::none);
    self.ended = true;
    schedule();
}

void Engine::interrupt(Thread& self, Choices::Cost cost) {
    if (self.interrupted || (cost != Choices::Cost::none && choices_.choose(cost, 2) == 0)) {
        return;
    }
    self.interrupted = true;
    // Where it happened is part of what the thread is.
    remember(self.own_steps + 1);
    note("signal handler begins");
    scenario_.interrupt(self.index);
    note("signal handler ends");
}

void Engine::point() {
    if (alone()) {
        return;
    }
    interrupt(me(), Choices::Cost::preemption);
    take_turn(me());
}

void Engine::take_turn(Thread& self) {
    if (!self.fresh || blocked(self)) {
        schedule();
    }
    self.fresh = false;
    if (steps_ == step_limit_) {
        end_with(Failure::livelock, "the execution takes too many steps");
    }
    ++steps_;
    ++self.own_steps;
}

unsigned Engine::candidates(Candidates& found, Patience patience) const noexcept {
    unsigned count = 0;
    unsigned index = current_;
    do {
        const Thread& thread = threads_[index];
        if (index != 0 && can_run(thread) && (patience == Patience::no || !yields(thread))) {
            found[count++] = index;
        }
        index = index + 1 == thread_count_ ? 0 : index + 1;
    } while (index != current_);
    return count;
}

void Engine::schedule() {
    Candidates options;
    // Whoever would only spin again waits for a step of the others, unless all of them would.
    unsigned count = candidates(options, Patience::yes);
    if (count == 0) {
        count = candidates(options, Patience::no);
    }
    if (count == 0) {
        for (unsigned i = 1; i < thread_count_; ++i) {
            if (!threads_[i].ended) {
                end_with(Failure::lost_wakeup, "who has not ended waits for an event, and nobody is left to set it");
            }
        }
        outcome_ = Outcome::ended;
        leave();
    }
    if (count > 1 && seen_ != nullptr && trace_ == nullptr && !choices_.repeating() &&
        seen_->check(state(), choices_.left())) {
        outcome_ = Outcome::seen;
        leave();
    }
    const bool could_go_on = options[0] == current_ && !blocked(me());
    const unsigned next =
        options[choices_.choose(could_go_on ? Choices::Cost::preemption : Choices::Cost::none, count)];
    if (next != current_) {
        switch_to(next);
    }
}

void Engine::switch_to(unsigned next) {
    const unsigned from = current_;
    const bool comes_back = from != 0 && !threads_[from].ended;
    Thread& to = threads_[next];
    current_ = next;
    if (to.started) {
        comes_back ? to.fiber->resume(threads_[from].fiber->here()) : to.fiber->resume_and_leave();
    } else {
        to.started = to.fresh = true;
        comes_back ? to.fiber->start(threads_[from].fiber->here()) : to.fiber->start_and_leave();
    }
}

std::uint64_t Engine::state() noexcept {
    std::uint64_t hash = memory_.hash();
    for (unsigned i = 1; i < thread_count_; ++i) {
        const Thread& thread = threads_[i];
        const bool spins = thread.others_at_wait == others(thread);
        hash = mix(hash, thread.history + (thread.ended ? 1U : 0U) + (yields(thread) ? 2U : 0U) + (spins ? 4U : 0U));
    }
    for (unsigned i = 0; i < latest_count_; ++i) {
        hash = mix(hash, mix(mix(latest_[i].value, latest_[i].count), latest_[i].hash));
    }
    // Who goes on for nothing matters only where going on is counted.
    const Choices::Budget left = choices_.left();
    return left.total == unlimited && left.preemptions == unlimited ? hash : mix(hash, current_);
}

void Engine::remember(std::uint64_t what) noexcept {
    me().history = mix(me().history, what);
}

// ---- Objects ----

unsigned Engine::add_atomic(const void* address, std::size_t size, std::uint64_t value) {
    const unsigned cell =
        lifetimes_.add(current_, address, size, memory_.add(current_, value), Lifetimes::Content::value);
    if (trace_ != nullptr) {
        trace_->add_cell(cell, address, "atomic");
    }
    return cell;
}

unsigned Engine::add_plain(const void* address, std::size_t size, Lifetimes::Content content) {
    const unsigned cell = lifetimes_.add(current_, address, size, 0, content);
    if (trace_ != nullptr) {
        trace_->add_cell(cell, address, "plain");
    }
    return cell;
}

unsigned Engine::add_latest(const void* address, std::size_t size, const char* kind, std::uint64_t value) {
    if (latest_count_ == max_latest) {
        give_up("too many events");
    }
    latest_[latest_count_] = {value, 0, 0, {}};
    const unsigned cell = lifetimes_.add(current_, address, size, latest_count_++, Lifetimes::Content::value);
    if (trace_ != nullptr) {
        trace_->add_cell(cell, address, kind);
    }
    return cell;
}

void Engine::destroy(const void* begin, std::size_t size) {
    lifetimes_.destroy(current_, begin, size);
    note("destroys an object");
}

void Engine::name(const void* begin, std::size_t size, const char* name, std::initializer_list<const char*> parts,
                  int number) {
    if (trace_ != nullptr) {
        trace_->name_range(begin, size, number < 0 ? name : name + std::to_string(number), parts);
    }
}

void Engine::note(const char* text) {
    record(Step::no_cell, text, std::memory_order_relaxed, Step::Shows::nothing, {});
}

void Engine::record(unsigned cell, const char* action, std::memory_order order, Step::Shows shows,
                    const Access& access) {
    if (trace_ != nullptr) {
        trace_->add({current_, cell, action, order, shows, access});
    }
}

}  // namespace nestling::model
