// SPDX-License-Identifier: MIT
#include <event2/event.h>
#include <event2/thread.h>

#include <stdexcept>
#include <string_view>
#include <vector>

#include "bench/peers/peers.hpp"
#include "bench/peers/remote_queue.hpp"
#include "bench/workloads/all.hpp"

namespace bench {

namespace {

void run_hook(evutil_socket_t, short, void* data) {
    hook_at(data)();
}

timeval timeval_of(std::int64_t ns) {
    const std::int64_t us = (ns + 999) / 1000;
    return {us / 1'000'000, us % 1'000'000};
}

event_base* new_base(int flags) {
    event_config* config = event_config_new();
    event_config_set_flag(config, flags);
    event_base* base = event_base_new_with_config(config);
    event_config_free(config);
    if (base == nullptr) {
        throw std::runtime_error("libevent: no event_base");
    }
    return base;
}

/// libevent, with its locks, which other threads need; with its precise timers, which cost a system call for each turn,
/// only where lateness is measured. What is to run soon is event_active(), from any thread; in a callback an expired
/// timeout instead, because active events would run on and on without a look at the descriptors. Posts are
/// event_base_once().
class EventLoop {
public:
    EventLoop() : base_(new_base(0)) {}
    explicit EventLoop(PreciseTimers) : base_(new_base(EVENT_BASE_FLAG_PRECISE_TIMER)) {}
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;
    ~EventLoop() {
        for (event* made : events_) {
            event_free(made);
        }
        event_base_free(base_);
    }

    void turn() { event_base_loop(base_, EVLOOP_NONBLOCK | EVLOOP_NO_EXIT_ON_EMPTY); }
    void wait() { event_base_loop(base_, EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY); }
    void reserve(std::size_t number) {
        events_.reserve(number);
        tasks_.reserve(number);
        timers_.reserve(number);
    }
    void watch(int fd, const Hook& hook) { event_add(add(fd, EV_READ | EV_PERSIST, hook), nullptr); }
    void add_task(const Hook& hook) { tasks_.push_back(add(-1, 0, hook)); }
    void schedule(std::size_t index) { event_active(tasks_[index], EV_TIMEOUT, 0); }
    void schedule_next(std::size_t index) {
        const timeval at_once{0, 0};
        event_add(tasks_[index], &at_once);
    }
    void post(const Hook& hook) { event_base_once(base_, -1, EV_TIMEOUT, &run_hook, data_of(hook), nullptr); }
    void set_waker(const Hook& hook) { waker_ = add(-1, 0, hook); }
    void wake() { event_active(waker_, EV_TIMEOUT, 0); }
    void add_sender(const Hook& hook) { add_task(hook); }
    void send(std::size_t index) { schedule(index); }
    void post_across(const Hook& hook) { post(hook); }
    void add_timer(const Hook& hook) { timers_.push_back(add(-1, 0, hook)); }
    void arm(std::size_t index, std::int64_t, std::int64_t delay) {
        const timeval after = timeval_of(delay);
        event_add(timers_[index], &after);
    }
    void cancel(std::size_t index) { event_del(timers_[index]); }

private:
    event* add(int fd, short what, const Hook& hook) {
        return events_.emplace_back(event_new(base_, fd, what, &run_hook, data_of(hook)));
    }

    event_base* base_;
    std::vector<event*> events_;
    std::vector<event*> tasks_;
    std::vector<event*> timers_;
    event* waker_ = nullptr;
};

}  // namespace

void add_event(Registry& to) {
    // libev defines functions of the same names; whoever comes first on the linker's line is taken.
    if (std::string_view(event_get_version()) != LIBEVENT_VERSION) {
        throw std::logic_error("the functions of libevent are those of another library");
    }
    evthread_use_pthreads();
    add_workloads<EventLoop>(to, "libevent", LIBEVENT_VERSION);
}

}  // namespace bench
