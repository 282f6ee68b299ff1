// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <nestling/nestling.hpp>

#include "bench/hook.hpp"

namespace bench {

/// Nestling's handles, the same natively and in a GMainContext. Everything is the plain public API: BottomHalf for what
/// is triggered again and again, from any thread; Context::post() for functions; Timer::arm_at(), because a program
/// that arms many timers has read the clock already.
class NestlingHandles {
public:
    void reserve(std::size_t number) {
        fds_.reserve(number);
        tasks_.reserve(number);
        timers_.reserve(number);
    }
    void watch(int fd, const Hook& hook) {
        nestling::FdCallbacks callbacks;
        callbacks.read = [&hook] { hook(); };
        fds_.emplace_back(*context_, fd, "bench fd", std::move(callbacks));
    }
    void add_task(const Hook& hook) {
        tasks_.emplace_back(*context_, "bench task", [&hook] { hook(); });
    }
    void schedule(std::size_t index) { tasks_[index].schedule(); }
    void post(const Hook& hook) {
        context_->post("bench post", [&hook] { hook(); });
    }
    void set_waker(const Hook& hook) {
        waker_ = nestling::BottomHalf(*context_, "bench waker", [&hook] { hook(); });
    }
    void wake() { waker_.schedule(); }
    void add_sender(const Hook& hook) { add_task(hook); }
    void send(std::size_t index) { tasks_[index].schedule(); }
    void post_across(const Hook& hook) { post(hook); }
    void add_timer(const Hook& hook) {
        timers_.emplace_back(*context_, "bench timer", [&hook] { hook(); });
    }
    void arm(std::size_t index, std::int64_t now, std::int64_t delay) {
        timers_[index].arm_at(std::chrono::nanoseconds(now + delay));
    }
    void cancel(std::size_t index) { timers_[index].cancel(); }

protected:
    NestlingHandles() : context_(std::make_shared<nestling::Context>()) {}

    std::shared_ptr<nestling::Context> context_;

private:
    std::vector<nestling::FdHandler> fds_;
    std::vector<nestling::BottomHalf> tasks_;
    std::vector<nestling::Timer> timers_;
    nestling::BottomHalf waker_;
};

}  // namespace bench
