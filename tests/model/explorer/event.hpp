// SPDX-License-Identifier: MIT
#pragma once

#include "model/explorer/engine.hpp"

namespace nestling::model {

/// What a sleeper sleeps on: readable from set() to drain(). Everybody sees its newest state at once, and nothing else
/// by it: a proof must not lean on the order that a system call happens to bring, unless it says so.
class Event {
public:
    explicit Event(EventStrength strength = EventStrength::relaxed) noexcept
        : strength_(strength), cell_(Engine::active().add_latest(this, sizeof *this, "event", 0)) {}
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    void set() noexcept { Engine::active().event_set(cell_, strength_); }
    /// True if it was set.
    bool drain() noexcept { return Engine::active().event_drain(cell_, strength_); }
    /// Until it is set; leaves it so. To come back here at once although no other thread has done a step in between is
    /// to spin: then the others go first, and nothing they have stored is hidden any longer. If there are no others
    /// this goes on to the limit of steps, and is reported.
    void wait() noexcept { Engine::active().event_wait(cell_, strength_); }
    /// A wait with no timeout.
    [[nodiscard]] bool is_set() noexcept { return Engine::active().event_look(cell_, strength_); }
    /// How often it was set. Bookkeeping: not a step.
    [[nodiscard]] std::uint64_t writes() const noexcept { return Engine::active().event_count(cell_); }

private:
    EventStrength strength_;
    unsigned cell_;
};

}  // namespace nestling::model
