// SPDX-License-Identifier: MIT
#include "os/pool_wait.hpp"

#include <mutex>
#include <new>
#include <unordered_map>

#include "os/system_function_win32.hpp"

namespace nestling::os {

/// The waits that there are, by what the system calls them. A call finds its wait here or not at all: Wine makes one
/// now and then when CloseThreadpoolWait() has returned, if its own thread had seen the signal just before. The
/// system's object lasts until that call is over, so no other wait has its name.
class PoolWait::Living {
public:
    /// Lives for ever: so do the system's threads. Throws std::bad_alloc the first time.
    static Living& all() {
        static auto& living = *new Living;
        return living;
    }

    /// Throws std::bad_alloc.
    void add(PTP_WAIT name, PoolWait& wait) {
        const std::lock_guard lock(mutex_);
        waits_[name] = &wait;
    }

    void remove(PTP_WAIT name) noexcept {
        const std::lock_guard lock(mutex_);
        waits_.erase(name);
    }

    /// What it tells of lives until this is over, because remove() waits for it.
    void tell(PTP_WAIT name) noexcept {
        const std::lock_guard lock(mutex_);
        if (const auto at = waits_.find(name); at != waits_.end()) {
            at->second->tell();
        }
    }

private:
    std::mutex mutex_;
    std::unordered_map<PTP_WAIT, PoolWait*> waits_;
};

std::unique_ptr<PoolWait> PoolWait::create(HANDLE handle, std::atomic<bool>& any, HANDLE event) noexcept {
    try {
        std::unique_ptr<PoolWait> wait(new PoolWait(handle, any, event));
        if (wait->wait_ != nullptr) {
            Living::all().add(wait->wait_, *wait);
            return wait;
        }
    } catch (const std::bad_alloc&) {
        // As if the system had none.
    }
    return nullptr;
}

PoolWait::PoolWait(HANDLE handle, std::atomic<bool>& any, HANDLE event) noexcept
    : handle_(handle), any_(any), event_(event), wait_(::CreateThreadpoolWait(&PoolWait::called, nullptr, nullptr)) {}

PoolWait::~PoolWait() {
    if (wait_ == nullptr) {
        return;
    }
    Living::all().remove(wait_);
    ::SetThreadpoolWait(wait_, nullptr, nullptr);
    // So that the program may unload this code.
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

void CALLBACK PoolWait::called(PTP_CALLBACK_INSTANCE, void*, PTP_WAIT wait, TP_WAIT_RESULT) {
    Living::all().tell(wait);
}

void PoolWait::tell() noexcept {
    signalled_.store(true);
    any_.store(true);
    ::SetEvent(event_);
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
