// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include <nestling/annotations.hpp>

namespace nestling {

class Context;

namespace loop {
class HeldHandlers;
}

/// What a handler is for, so that a nested poll() can serve some and leave others alone.
enum class HandlerClass : std::uint8_t {
    general,         ///< always served
    user_interface,  ///< what must not run while somebody waits inside a callback of the user interface
    background,      ///< what can wait
};

/// While it lives, handlers of one class are not called. Nothing is lost: descriptors are not watched meanwhile and are
/// looked at again afterwards, bottom halves stay scheduled and timers armed, and run in the next iteration; each may
/// still be cancelled, changed and removed. Holds nest.
///
///     const HoldHandlers hold(context, HandlerClass::user_interface);
///     wait_while(context, [&] { return !request.is_done; });
///
/// A callback of that class that is running goes on. A held bottom half is asked for in vain every 10 ms.
class NESTLING_API HoldHandlers {
public:
    /// Home thread. Aborts for HandlerClass::general. Throws std::bad_alloc.
    HoldHandlers(Context& context, HandlerClass which);
    HoldHandlers(const HoldHandlers&) = delete;
    HoldHandlers& operator=(const HoldHandlers&) = delete;
    /// Home thread. O(handlers of the class that wanted to run).
    ~HoldHandlers();

private:
    loop::HeldHandlers& held_;
    const HandlerClass which_;
};

}  // namespace nestling
