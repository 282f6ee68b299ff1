// SPDX-License-Identifier: MIT
#include "support/fault_injection.hpp"

#include <atomic>

#include "support/failure_plan.hpp"
#include "support/own_events_win32.hpp"
#include "support/true_call_win32.hpp"

namespace nestling::testing {

namespace {

constinit FailurePlan plan;

bool must_fail(Creation creation) noexcept {
    const int error = plan.next_error(creation);
    if (error == 0) {
        return false;
    }
    ::SetLastError(static_cast<DWORD>(error));
    return true;
}

/// Since when the monotonic clock goes fast; 0 if it does not.
std::atomic<std::int64_t> fast_since{0};
/// How far each reading moves it, and how far it was moved.
std::atomic<std::int64_t> stride{0};
std::atomic<std::int64_t> strides{0};

constinit TrueCall<BOOL WINAPI(LARGE_INTEGER*)> true_counter("QueryPerformanceCounter");
constinit TrueCall<HANDLE WINAPI(SECURITY_ATTRIBUTES*, BOOL, BOOL, const wchar_t*)> true_create_event("CreateEventW");

std::int64_t true_clock() noexcept {
    LARGE_INTEGER ticks{};
    true_counter(&ticks);
    return ticks.QuadPart;
}

std::int64_t ticks_of(std::chrono::nanoseconds time) noexcept {
    LARGE_INTEGER frequency{};
    ::QueryPerformanceFrequency(&frequency);
    return time.count() * frequency.QuadPart / std::chrono::nanoseconds(std::chrono::seconds(1)).count();
}

BOOL WINAPI show_clock(LARGE_INTEGER* ticks) noexcept {
    const BOOL result = true_counter(ticks);
    if (const std::int64_t since = fast_since.load(); since != 0) {
        ticks->QuadPart = ticks->QuadPart * 2 - since;
    }
    const std::int64_t step = stride.load();
    ticks->QuadPart += strides.fetch_add(step) + step;
    return result;
}

HANDLE WINAPI make_event(SECURITY_ATTRIBUTES* security, BOOL is_manual, BOOL is_set, const wchar_t* name) noexcept {
    if (must_fail(Creation::event)) {
        return nullptr;
    }
    const HANDLE event = true_create_event(security, is_manual, is_set, name);
    note_event(event, true);
    return event;
}

}  // namespace

const int too_many_open = ERROR_TOO_MANY_OPEN_FILES;

FailingCreation::FailingCreation(Creation creation, int error, int successes) : creation_(creation) {
    plan.fail(creation, error, successes);
}

FailingCreation::~FailingCreation() {
    plan.succeed(creation_);
}

FastMonotonicClock::FastMonotonicClock() {
    fast_since.store(true_clock());
}

FastMonotonicClock::~FastMonotonicClock() {
    fast_since.store(0);
}

StridingMonotonicClock::StridingMonotonicClock(std::chrono::nanoseconds step) {
    stride.store(ticks_of(step));
}

StridingMonotonicClock::~StridingMonotonicClock() {
    stride.store(0);
    strides.store(0);
}

}  // namespace nestling::testing

// The linker takes these pointers instead of those of the import library, for everything that is linked statically.
extern "C" {
extern void* const __imp_QueryPerformanceCounter;
extern void* const __imp_CreateEventW;
void* const __imp_QueryPerformanceCounter = reinterpret_cast<void*>(&nestling::testing::show_clock);
void* const __imp_CreateEventW = reinterpret_cast<void*>(&nestling::testing::make_event);
}
