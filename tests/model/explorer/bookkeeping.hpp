// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>

#include "model/explorer/model_atomics.hpp"

namespace nestling::model {

/// What a scenario keeps for its own assertions and several of its threads use. Everybody sees the newest value; no
/// access is a step, so it belongs to the step before. (A member that only one thread uses, or that is looked at when
/// all have ended and does not depend on the order of their steps, may be any variable.)
template <class T>
class Ghost {
public:
    explicit Ghost(T value = T{}) noexcept
        : cell_(Engine::active().add_latest(this, sizeof *this, "ghost", to_bits(value))) {}
    Ghost(const Ghost&) = delete;
    Ghost& operator=(const Ghost&) = delete;

    [[nodiscard]] T get() const noexcept { return from_bits<T>(Engine::active().latest(cell_)); }
    void set(T value) noexcept { Engine::active().set_latest(cell_, to_bits(value)); }

private:
    unsigned cell_;
};

/// A promise of the scenario.
inline void assert_that(bool holds, const char* promise) noexcept {
    if (!holds) {
        fail(Failure::assertion, promise);
    }
}

/// From here on every use of what is in `object` is an error, and so is an earlier one that does not happen before. The
/// memory may be used for a new object.
template <class T>
void destroy(T& object) noexcept {
    Engine::active().destroy(&object, sizeof object);
}

/// How `object` is called in a trace, and its variables, in order of declaration.
template <class T>
void name(const T& object, const char* text, std::initializer_list<const char*> parts = {}) {
    Engine::active().name(&object, sizeof object, text, parts);
}

/// One of several: `text` and its number.
template <class T>
void name(const T& object, const char* text, std::size_t number, std::initializer_list<const char*> parts = {}) {
    Engine::active().name(&object, sizeof object, text, parts, static_cast<int>(number));
}

/// A line in the trace.
inline void note(const char* text) {
    Engine::active().note(text);
}

/// In a loop that waits for others without an Event. As with Event::wait(), the others go first if nothing was done
/// since the last time.
inline void yield() noexcept {
    Engine::active().yield();
}

}  // namespace nestling::model
