// SPDX-License-Identifier: MIT
#include <utility>

#include "coroutine/slow_write.hpp"
#include "support/true_call_win32.hpp"

namespace nestling::testing {

namespace {

thread_local std::function<void()>* after_write = nullptr;

constinit TrueCall<BOOL WINAPI(HANDLE)> true_set("SetEvent");

BOOL WINAPI set_event(HANDLE event) noexcept {
    const BOOL result = true_set(event);
    if (after_write != nullptr) {
        (*after_write)();
    }
    return result;
}

}  // namespace

SlowWrite::SlowWrite(std::function<void()> after) : after_(std::move(after)) {
    after_write = &after_;
}

SlowWrite::~SlowWrite() {
    after_write = nullptr;
}

}  // namespace nestling::testing

// The linker takes this pointer instead of that of the import library.
extern "C" {
extern void* const __imp_SetEvent;
void* const __imp_SetEvent = reinterpret_cast<void*>(&nestling::testing::set_event);
}
