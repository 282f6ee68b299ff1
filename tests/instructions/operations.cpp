// SPDX-License-Identifier: MIT
//
// The operations of the wake protocol as functions of their own, so that their instructions can be read. Compiled by
// check_instructions.py, never run.

#include "sync/bottom_half_list.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"

using namespace nestling::sync;

extern "C" void write_the_event() noexcept;

namespace {
struct Event {
    static void set() noexcept { write_the_event(); }
    static void drain() noexcept {}
};
using Link = BottomHalfLink<>;
}  // namespace

// NOLINTBEGIN
#define OPERATIONS_OF(form, Wake)                                                            \
    extern "C" void form##_notify(Wake* wake) noexcept {                                     \
        Event event;                                                                         \
        wake->notify(event);                                                                 \
    }                                                                                        \
    extern "C" void form##_schedule(BottomHalfList<Wake, Link>* list, Link* link) noexcept { \
        Event event;                                                                         \
        list->schedule(*link, event);                                                        \
    }                                                                                        \
    extern "C" bool form##_announce(Wake* wake) noexcept {                                   \
        return wake->announce(Sleeper::native);                                              \
    }                                                                                        \
    extern "C" void* form##_accept(Wake* wake) noexcept {                                    \
        Event event;                                                                         \
        return wake->accept(event, EventSeen::yes, Ended::native_wait);                      \
    }

OPERATIONS_OF(oneword, WakeOneword<>)
OPERATIONS_OF(seed, WakeSeed<>)
// NOLINTEND

extern "C" unsigned dequeue(BottomHalfState<>* state) noexcept {
    return state->dequeue();
}
