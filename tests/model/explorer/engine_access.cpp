// SPDX-License-Identifier: MIT
// What the objects of the model ask of the engine: a choice of the scheduler, then the access.
#include "model/explorer/engine.hpp"
#include "model/explorer/hash.hpp"

namespace nestling::model {

void Engine::check_use(unsigned cell, const char* action) {
    attempt_ = {current_, cell, action, std::memory_order_relaxed, Step::Shows::nothing, {}};
    lifetimes_.use(current_, cell);
    attempt_.action = nullptr;
}

std::uint64_t Engine::load(unsigned cell, std::memory_order order) {
    point();
    check_use(cell, "load");
    const Access access = memory_.load(current_, lifetimes_.slot(cell), order);
    record(cell, "load", order, Step::Shows::read, access);
    return access.read;
}

void Engine::store(unsigned cell, std::memory_order order, std::uint64_t value) {
    point();
    check_use(cell, "store");
    record(cell, "store", order, Step::Shows::written, memory_.store(current_, lifetimes_.slot(cell), order, value));
}

std::uint64_t Engine::modify(unsigned cell, std::memory_order order, const char* action, Memory::Change change,
                             std::uint64_t operand) {
    point();
    check_use(cell, action);
    const Access access = memory_.modify(current_, lifetimes_.slot(cell), order, change, operand);
    record(cell, action, order, Step::Shows::change, access);
    return access.read;
}

Access Engine::compare_exchange(unsigned cell, const Memory::Expectation& wish) {
    point();
    check_use(cell, "cas");
    const Access access = memory_.compare_exchange(current_, lifetimes_.slot(cell), wish);
    record(cell, "cas", access.wrote ? wish.success : wish.failure, Step::Shows::change, access);
    return access;
}

void Engine::fence(std::memory_order order) {
    if (order == std::memory_order_relaxed) {
        return;
    }
    // Other fences change nothing that another thread could see before the next access.
    if (order == std::memory_order_seq_cst) {
        point();
    }
    memory_.fence(current_, order);
    record(Step::no_cell, "fence", order, Step::Shows::order, {});
}

void Engine::plain_load(unsigned cell, std::uint64_t value) {
    record(cell, "read", std::memory_order_relaxed, Step::Shows::read, {.read = value});
    lifetimes_.plain_load(current_, cell);
}

void Engine::plain_store(unsigned cell, std::uint64_t value) {
    record(cell, "write", std::memory_order_relaxed, Step::Shows::written, {.written = value, .wrote = true});
    lifetimes_.plain_store(current_, cell);
}

Engine::Latest& Engine::enter_latest(unsigned cell, const char* action) {
    check_use(cell, action);
    return latest_[lifetimes_.slot(cell)];
}

void Engine::event_set(unsigned cell, EventStrength strength) {
    point();
    Latest& event = enter_latest(cell, "set");
    event.value = 1;
    ++event.count;
    remember(event.count);
    if (strength == EventStrength::synchronises) {
        event.view.join(memory_.now(current_), View::lanes_for(max_atoms));
        memory_.tick(current_);
        event.hash = mix(event.hash, (current_ << 16U) | me().own_steps);
    }
    record(cell, "set", std::memory_order_relaxed, Step::Shows::nothing, {});
}

void Engine::learn_from(const Latest& event, EventStrength strength) noexcept {
    if (strength == EventStrength::synchronises) {
        memory_.learn(current_, event.view);
    }
}

bool Engine::event_drain(unsigned cell, EventStrength strength) {
    point();
    Latest& event = enter_latest(cell, "drain");
    const bool was_set = event.value != 0;
    learn_from(event, strength);
    event.value = 0;
    remember(was_set ? 3 : 2);
    record(cell, "drain", std::memory_order_relaxed, Step::Shows::read, {.read = was_set ? 1U : 0U});
    return was_set;
}

bool Engine::event_look(unsigned cell, EventStrength strength) {
    point();
    const Latest& event = enter_latest(cell, "look");
    const bool is_set = event.value != 0;
    if (is_set) {
        learn_from(event, strength);
    }
    remember(is_set ? 5 : 4);
    record(cell, "look", std::memory_order_relaxed, Step::Shows::read, {.read = is_set ? 1U : 0U});
    return is_set;
}

void Engine::event_wait(unsigned cell, EventStrength strength) {
    if (alone()) {
        give_up("nobody could end this wait");
    }
    const Latest& event = enter_latest(cell, "wait");
    Thread& self = me();
    if (event.value != 0) {
        spins(self);
        interrupt(self, Choices::Cost::preemption);
    }
    for (;;) {
        self.waits_for = cell;
        take_turn(self);
        self.waits_for = no_wait;
        if (event.value != 0) {
            break;
        }
        // Chosen although there is nothing to go on with: because of its signal handler.
        interrupt(self, Choices::Cost::none);
    }
    check_use(cell, "wait");
    self.others_at_wait = others(self);
    learn_from(event, strength);
    remember(6);
    record(cell, "wait ends", std::memory_order_relaxed, Step::Shows::nothing, {});
}

void Engine::yield() {
    if (!alone()) {
        spins(me());
        point();
        me().others_at_wait = others(me());
        remember(7);
        note("yields");
    }
}

void Engine::spins(Thread& self) noexcept {
    if (self.others_at_wait == others(self)) {
        self.others_at_yield = others(self);
        memory_.catch_up(self.index);
    }
}

std::uint64_t Engine::latest(unsigned cell) {
    const std::uint64_t value = enter_latest(cell, "look").value;
    remember(value);
    return value;
}

void Engine::set_latest(unsigned cell, std::uint64_t value) {
    enter_latest(cell, "set").value = value;
    record(cell, "set", std::memory_order_relaxed, Step::Shows::written, {.written = value, .wrote = true});
}

std::uint64_t Engine::event_count(unsigned cell) {
    const std::uint64_t count = enter_latest(cell, "count").count;
    remember(count);
    return count;
}

}  // namespace nestling::model
