// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::model {

enum class Failure : std::uint8_t {
    none,
    assertion,
    lost_wakeup,     ///< every thread that has not ended waits for an event, and nobody is left to set it
    data_race,       ///< two accesses to a Plain, one of them a store, and neither happens before the other
    uninitialised,   ///< a Plain is read that nobody has written
    use_after_free,  ///< a destroyed object is used, or destroyed while a use does not happen before
    unpublished,     ///< an object is used by a thread that does not know it has been built
    livelock,        ///< too many steps
};

const char* name_of(Failure failure) noexcept;

/// Ends the execution. Nothing on the stack of the thread is destroyed.
[[noreturn]] void fail(Failure failure, const char* text) noexcept;

/// The program is too big for the explorer, or uses it wrongly: ends the process.
[[noreturn]] void give_up(const char* text) noexcept;

}  // namespace nestling::model
