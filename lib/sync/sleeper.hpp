// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::sync {

/// Who announces that it may be about to sleep.
enum class Sleeper : std::uint8_t {
    native,    ///< a wait of our own: announced once, always ended
    external,  ///< an outer loop between prepare and check: may be announced again, may never be ended
};

/// What ends with an accept().
enum class Ended : std::uint8_t { nothing, native_wait, external_wait };

/// Whether the wait that just ended reported the event as readable.
enum class EventSeen : std::uint8_t { no, yes };

}  // namespace nestling::sync
