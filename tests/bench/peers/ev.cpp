// SPDX-License-Identifier: MIT
#include <ev.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/peers/peers.hpp"
#include "bench/peers/remote_queue.hpp"
#include "bench/workloads/all.hpp"

namespace bench {

namespace {

template <class W>
void run_hook(struct ev_loop*, W* watcher, int) {
    hook_at(watcher->data)();
}

void run_idle_once(struct ev_loop* loop, ev_idle* watcher, int) {
    ev_idle_stop(loop, watcher);
    hook_at(watcher->data)();
}

/// libev. Bottom halves are ev_feed_event(), which only puts the watcher into the list of what is pending; in a
/// callback ev_idle instead, because what is fed there runs without a look at the descriptors. Posts are a list that
/// one fed event empties. Wakes are ev_async_send(); distinct triggers are a list behind a mutex with one ev_async, as
/// its documentation shows, because each ev_async makes every wake of the others slower.
class EvLoop {
public:
    EvLoop() : loop_(ev_loop_new(EVFLAG_AUTO)) {
        if (loop_ == nullptr) {
            throw std::runtime_error("libev: no loop");
        }
    }
    EvLoop(const EvLoop&) = delete;
    EvLoop& operator=(const EvLoop&) = delete;
    ~EvLoop() { ev_loop_destroy(loop_); }

    void turn() { ev_run(loop_, EVRUN_NOWAIT); }
    void wait() { ev_run(loop_, EVRUN_ONCE); }
    void reserve(std::size_t number) {
        ios_.reserve(number);
        tasks_.reserve(number);
        timers_.reserve(number);
    }
    void watch(int fd, const Hook& hook) {
        ev_io& io = add(ios_, hook);
        ev_io_set(&io, fd, EV_READ);
        ev_io_start(loop_, &io);
    }
    void add_task(const Hook& hook) { ev_set_cb(&add(tasks_, hook), &run_idle_once); }
    void schedule(std::size_t index) { ev_feed_event(loop_, tasks_[index].get(), EV_CUSTOM); }
    void schedule_next(std::size_t index) { ev_idle_start(loop_, tasks_[index].get()); }
    void post(const Hook& hook) {
        if (poster_ == nullptr) {
            poster_ = std::make_unique<ev_prepare>();
            ev_init(poster_.get(), [](struct ev_loop*, ev_prepare* watcher, int) {
                static_cast<HomeQueue*>(watcher->data)->run_all();
            });
            poster_->data = &posts_;
        }
        if (posts_.push(hook)) {
            ev_feed_event(loop_, poster_.get(), EV_CUSTOM);
        }
    }
    void set_waker(const Hook& hook) {
        ev_async_init(&waker_, &run_hook<ev_async>);
        waker_.data = data_of(hook);
        ev_async_start(loop_, &waker_);
    }
    void wake() { ev_async_send(loop_, &waker_); }
    void add_sender(const Hook& hook) {
        if (senders_.empty()) {
            start_remote();
        }
        senders_.push_back(&hook);
    }
    void send(std::size_t index) {
        if (remote_.push(senders_[index])) {
            ev_async_send(loop_, &remote_async_);
        }
    }
    void start_remote() {
        ev_async_init(&remote_async_, [](struct ev_loop*, ev_async* watcher, int) {
            auto* self = static_cast<EvLoop*>(watcher->data);
            self->remote_.run_all();
            self->remote_posts_.run_all();
        });
        remote_async_.data = this;
        ev_async_start(loop_, &remote_async_);
    }
    void post_across(const Hook& hook) {
        if (remote_posts_.push([&hook] { hook(); })) {
            ev_async_send(loop_, &remote_async_);
        }
    }
    void add_timer(const Hook& hook) { add(timers_, hook); }
    void arm(std::size_t index, std::int64_t, std::int64_t delay) {
        ev_timer* timer = timers_[index].get();
        if (ev_is_active(timer)) {
            // ev_timer_again() moves an active timer without taking it out first.
            timer->repeat = static_cast<double>(delay) / 1e9;
            ev_timer_again(loop_, timer);
            timer->repeat = 0;
            return;
        }
        ev_timer_set(timer, static_cast<double>(delay) / 1e9, 0.);
        ev_timer_start(loop_, timer);
    }
    void cancel(std::size_t index) { ev_timer_stop(loop_, timers_[index].get()); }
    void refresh_time() { ev_now_update(loop_); }

private:
    template <class W>
    static W& add(std::vector<std::unique_ptr<W>>& watchers, const Hook& hook) {
        W& watcher = *watchers.emplace_back(std::make_unique<W>());
        ev_init(&watcher, &run_hook<W>);
        watcher.data = data_of(hook);
        return watcher;
    }

    struct ev_loop* loop_;
    std::vector<std::unique_ptr<ev_io>> ios_;
    std::vector<std::unique_ptr<ev_idle>> tasks_;
    std::vector<std::unique_ptr<ev_timer>> timers_;
    std::unique_ptr<ev_prepare> poster_;
    HomeQueue posts_;
    ev_async waker_{};
    ev_async remote_async_{};
    RemoteQueue remote_;
    RemotePosts remote_posts_;
    std::vector<const Hook*> senders_;
};

}  // namespace

void add_ev(Registry& to) {
    add_workloads<EvLoop>(to, "libev", std::to_string(ev_version_major()) + "." + std::to_string(ev_version_minor()));
}

}  // namespace bench
