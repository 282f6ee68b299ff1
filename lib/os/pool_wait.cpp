// SPDX-License-Identifier: MIT
#include "os/pool_wait.hpp"

#include <new>

#include "os/system_function_win32.hpp"

namespace nestling::os {

std::unique_ptr<PoolWait> PoolWait::create(HANDLE handle, std::atomic<bool>& any, HANDLE event) noexcept {
    std::unique_ptr<PoolWait> wait(new (std::nothrow) PoolWait(handle, any, event));
    if (wait != nullptr && wait->wait_ == nullptr) {
        wait.reset();
    }
    return wait;
}

PoolWait::PoolWait(HANDLE handle, std::atomic<bool>& any, HANDLE event) noexcept
    : handle_(handle), any_(any), event_(event), wait_(::CreateThreadpoolWait(&PoolWait::tell, this, nullptr)) {}

PoolWait::~PoolWait() {
    if (wait_ == nullptr) {
        return;
    }
    ::SetThreadpoolWait(wait_, nullptr, nullptr);
    ::WaitForThreadpoolWaitCallbacks(wait_, TRUE);
    ::CloseThreadpoolWait(wait_);
}

void PoolWait::arm() noexcept {
    if (!is_armed_) {
        is_armed_ = true;
        ::SetThreadpoolWait(wait_, handle_, nullptr);
    }
}

bool PoolWait::take() noexcept {
    if (!signalled_.load() || !signalled_.exchange(false)) {
        return false;
    }
    is_armed_ = false;
    return true;
}

void CALLBACK PoolWait::tell(PTP_CALLBACK_INSTANCE, void* self, PTP_WAIT, TP_WAIT_RESULT) {
    auto& wait = *static_cast<PoolWait*>(self);
    wait.signalled_.store(true);
    wait.any_.store(true);
    ::SetEvent(wait.event_);
}

bool stays_signalled(HANDLE handle) noexcept {
    struct Basic {
        /// 0: whoever waits leaves it signalled.
        int type;
        LONG state;
    };
    using QueryEvent = LONG(NTAPI*)(HANDLE, int, void*, ULONG, ULONG*);
    static const auto query_event = system_function<QueryEvent>(L"ntdll.dll", "NtQueryEvent");
    Basic basic{};
    return query_event != nullptr && query_event(handle, 0, &basic, sizeof basic, nullptr) == 0 && basic.type == 0;
}

}  // namespace nestling::os
