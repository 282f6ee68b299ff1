// SPDX-License-Identifier: MIT
#include "async/signal_hub.hpp"

#include <algorithm>
#include <atomic>
#include <memory>

#include "os/signal_set.hpp"
#include "os/thread_id.hpp"

namespace nestling::async {

SignalHub& SignalHub::of_process() {
    static std::atomic<SignalHub*> the_hub{nullptr};
    SignalHub* now = the_hub.load();
    if (now == nullptr || now->fork_.in_child()) {
        std::unique_ptr<SignalHub> fresh(new SignalHub(now));
        if (the_hub.compare_exchange_strong(now, fresh.get())) {
            now = fresh.release();
        }
    }
    return *now;
}

void SignalHub::add(SignalListener& listener) {
    const std::lock_guard lock(mutex_);
    listener.thread_ = os::this_thread_id();
    listeners_.reserve(listeners_.size() + 1);
    masked_.reserve(masked_.size() + os::signal_limit);
    for (int number = 1; number != os::signal_limit; ++number) {
        if (os::has_signal(listener.signals_, number)) {
            mask(listener, number);
        }
    }
    listeners_.push_back(&listener);
}

void SignalHub::mask(const SignalListener& listener, int number) {
    const bool was_blocked = os::set_blocked(number, listener.form_ == SignalForm::signalfd ? SIG_BLOCK : SIG_UNBLOCK);
    const auto known = std::find_if(masked_.begin(), masked_.end(), [&](const Masked& one) {
        return one.thread == listener.thread_ && one.number == number;
    });
    if (known == masked_.end()) {
        masked_.push_back({listener.thread_, number, 1, was_blocked});
    } else {
        ++known->users;
    }
}

void SignalHub::remove(SignalListener& listener) noexcept {
    const std::lock_guard lock(mutex_);
    const auto known = std::find(listeners_.begin(), listeners_.end(), &listener);
    if (known == listeners_.end()) {
        return;
    }
    listeners_.erase(known);
    listener.arrived_.clear();
    for (int number = 1; number != os::signal_limit; ++number) {
        if (os::has_signal(listener.signals_, number)) {
            unmask(listener, number);
        }
    }
}

void SignalHub::unmask(const SignalListener& listener, int number) noexcept {
    const auto known = std::find_if(masked_.begin(), masked_.end(), [&](const Masked& one) {
        return one.thread == listener.thread_ && one.number == number;
    });
    if (known == masked_.end() || --known->users != 0) {
        return;
    }
    if (listener.thread_ == os::this_thread_id()) {
        os::set_blocked(number, known->was_blocked ? SIG_BLOCK : SIG_UNBLOCK);
    }
    masked_.erase(known);
}

void SignalHub::tell(const SignalInfo& info) {
    const std::lock_guard lock(mutex_);
    for (SignalListener* listener : listeners_) {
        if (os::has_signal(listener->signals_, info.number)) {
            listener->arrived_.push_back(info);
            listener->told_.schedule();
        }
    }
}

bool SignalHub::take(SignalListener& listener, SignalInfo& info) noexcept {
    const std::lock_guard lock(mutex_);
    if (listener.arrived_.empty()) {
        return false;
    }
    info = listener.arrived_.front();
    listener.arrived_.pop_front();
    if (listener.arrived_.empty()) {
        listener.told_.cancel();
    } else {
        listener.told_.schedule();
    }
    return true;
}

}  // namespace nestling::async
