// SPDX-License-Identifier: MIT
#pragma once

#include <glib-object.h>

#include <atomic>
#include <utility>

namespace nestling::lab::c {

/// The base of what C callers hold by reference.
template <typename Self>
struct Boxed {
    std::atomic<unsigned> references{1};

    static Self* ref(Self* self) noexcept {
        self->references.fetch_add(1);
        return self;
    }
    static void unref(Self* self) noexcept {
        if (self->references.fetch_sub(1) == 1) {
            delete self;
        }
    }
};

/// The GType of `Self`, registered by the first call.
template <typename Self>
GType boxed_type(const char* name) noexcept {
    static const GType type = g_boxed_type_register_static(
        g_intern_static_string(name), [](gpointer self) -> gpointer { return Self::ref(static_cast<Self*>(self)); },
        [](gpointer self) { Self::unref(static_cast<Self*>(self)); });
    return type;
}

/// Runs `action`; what it throws ends the program, as no exception may reach C.
template <typename Action>
auto guarded(Action&& action) noexcept {
    return std::forward<Action>(action)();
}

}  // namespace nestling::lab::c
