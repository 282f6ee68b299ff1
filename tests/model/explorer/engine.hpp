// SPDX-License-Identifier: MIT
#pragma once

#include <setjmp.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <vector>

#include "model/explorer/failure.hpp"
#include "model/explorer/fiber.hpp"
#include "model/explorer/lifetimes.hpp"
#include "model/explorer/memory.hpp"
#include "model/explorer/scenario.hpp"
#include "model/explorer/seen_states.hpp"
#include "model/explorer/trace.hpp"

namespace nestling::model {

enum class EventStrength : std::uint8_t {
    relaxed,       ///< whoever sees that it was set knows nothing of what was done before
    synchronises,  ///< as an eventfd or a pipe behaves in practice
};

/// Runs one execution of a scenario after another. Exactly one exists while anything of the model is used.
class Engine {
public:
    enum class Outcome : std::uint8_t { ended, failed, seen };

    Engine(Scenario& scenario, Choices& choices, SeenStates* seen, unsigned steps);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    static Engine& active() noexcept;

    /// One execution. With a trace it is recorded there.
    Outcome run(Trace* trace);

    [[nodiscard]] Failure failure() const noexcept { return failure_; }
    [[nodiscard]] const char* failure_text() const noexcept { return failure_text_; }
    /// Of the last execution.
    [[nodiscard]] unsigned steps() const noexcept { return steps_; }
    void limit_steps(unsigned steps) noexcept { step_limit_ = steps; }

    // ---- For the objects of the model ----

    unsigned add_atomic(const void* address, std::size_t size, std::uint64_t value);
    unsigned add_plain(const void* address, std::size_t size, Lifetimes::Content content);
    unsigned add_latest(const void* address, std::size_t size, const char* kind, std::uint64_t value);

    std::uint64_t load(unsigned cell, std::memory_order order);
    void store(unsigned cell, std::memory_order order, std::uint64_t value);
    std::uint64_t modify(unsigned cell, std::memory_order order, const char* action, Memory::Change change,
                         std::uint64_t operand);
    Access compare_exchange(unsigned cell, const Memory::Expectation& wish);
    void fence(std::memory_order order);

    void plain_load(unsigned cell, std::uint64_t value);
    void plain_store(unsigned cell, std::uint64_t value);

    void event_set(unsigned cell, EventStrength strength);
    bool event_drain(unsigned cell, EventStrength strength);
    bool event_look(unsigned cell, EventStrength strength);
    void event_wait(unsigned cell, EventStrength strength);
    [[nodiscard]] std::uint64_t event_count(unsigned cell);
    [[nodiscard]] std::uint64_t latest(unsigned cell);
    void set_latest(unsigned cell, std::uint64_t value);
    void yield();

    void destroy(const void* begin, std::size_t size);
    void name(const void* begin, std::size_t size, const char* name, std::initializer_list<const char*> parts,
              int number = -1);
    void note(const char* text);

    [[noreturn]] void end_with(Failure failure, const char* text) noexcept;

private:
    /// Something outside of the memory model that everybody sees at once.
    struct Latest {
        std::uint64_t value;
        std::uint64_t count;  // how often it was set
        std::uint64_t hash;
        View view;
    };
    struct Thread {
        std::unique_ptr<Fiber> fiber;
        unsigned index;
        bool started;
        bool fresh;  // chosen, and has not yet done the step it was chosen for
        bool ended;
        bool interrupted;    // its handler has run, or there is none
        unsigned waits_for;  // a cell, or no_wait
        unsigned own_steps;
        unsigned others_at_wait;   // steps of the others when it last came out of a wait
        unsigned others_at_yield;  // when it last gave way
        std::uint64_t history;     // of what the memory does not know
    };

    static constexpr unsigned no_wait = ~0U;
    static constexpr unsigned never = ~0U;
    static constexpr unsigned max_latest = 32;

    static void thread_entry(void* thread) noexcept;
    void body(Thread& me);

    void go() noexcept;
    void conclude() noexcept;

    [[nodiscard]] Thread& me() noexcept { return threads_[current_]; }
    [[nodiscard]] bool alone() const noexcept { return current_ == 0; }
    [[nodiscard]] unsigned others(const Thread& thread) const noexcept { return steps_ - thread.own_steps; }
    [[nodiscard]] bool yields(const Thread& thread) const noexcept { return thread.others_at_yield == others(thread); }
    using Candidates = std::array<unsigned, max_threads>;
    enum class Patience : std::uint8_t { no, yes };
    /// Who may do the next step, beginning with the one that did the last.
    unsigned candidates(Candidates& found, Patience patience) const noexcept;
    [[nodiscard]] bool can_run(const Thread& thread) const noexcept {
        return !thread.ended && (!blocked(thread) || !thread.interrupted);
    }
    [[nodiscard]] bool blocked(const Thread& thread) const noexcept {
        return thread.waits_for != no_wait && latest_[lifetimes_.slot(thread.waits_for)].value == 0;
    }
    void point();
    void take_turn(Thread& self);
    void spins(Thread& self) noexcept;
    void interrupt(Thread& thread, Choices::Cost cost);
    void schedule();
    void switch_to(unsigned next);
    [[noreturn]] void leave() noexcept;
    [[nodiscard]] std::uint64_t state() noexcept;
    void remember(std::uint64_t what) noexcept;
    void learn_from(const Latest& event, EventStrength strength) noexcept;
    void check_use(unsigned cell, const char* action);
    Latest& enter_latest(unsigned cell, const char* action);
    void record(unsigned cell, const char* action, std::memory_order order, Step::Shows shows, const Access& access);

    Scenario& scenario_;
    Choices& choices_;
    SeenStates* seen_;
    Memory memory_;
    Lifetimes lifetimes_;
    std::array<Thread, max_threads> threads_{};
    std::array<Latest, max_latest> latest_{};
    unsigned latest_count_ = 0;
    unsigned thread_count_;  // with thread 0
    unsigned current_ = 0;
    unsigned steps_ = 0;
    unsigned step_limit_;
    Trace* trace_ = nullptr;
    Failure failure_ = Failure::none;
    const char* failure_text_ = "";
    Step attempt_{};  // shown if it fails
    Outcome outcome_ = Outcome::ended;
    bool running_ = false;
    jmp_buf main_;
};

}  // namespace nestling::model
