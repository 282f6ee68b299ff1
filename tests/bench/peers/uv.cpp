// SPDX-License-Identifier: MIT
#include <uv.h>

#include <memory>
#include <system_error>
#include <vector>

#include "bench/peers/peers.hpp"
#include "bench/peers/remote_queue.hpp"
#include "bench/workloads/all.hpp"

namespace bench {

namespace {

void check(int result) {
    if (result < 0) {
        throw std::system_error(-result, std::generic_category(), "libuv");
    }
}

/// libuv. Bottom halves are uv_idle_t, its cheapest callback that also keeps the loop from sleeping; posts are a list
/// that one uv_idle_t empties, because libuv has none. Wakes are uv_async_send(); distinct triggers are a list behind a
/// mutex with one uv_async_t, the way that its documentation of coalescing asks for. Timers have milliseconds.
class UvLoop {
public:
    UvLoop() { check(uv_loop_init(&loop_)); }
    UvLoop(const UvLoop&) = delete;
    UvLoop& operator=(const UvLoop&) = delete;
    ~UvLoop() {
        uv_walk(
            &loop_, [](uv_handle_t* handle, void*) { uv_close(handle, nullptr); }, nullptr);
        uv_run(&loop_, UV_RUN_DEFAULT);
        uv_loop_close(&loop_);
    }

    void turn() { uv_run(&loop_, UV_RUN_NOWAIT); }
    void wait() { uv_run(&loop_, UV_RUN_ONCE); }
    void reserve(std::size_t number) {
        polls_.reserve(number);
        tasks_.reserve(number);
        timers_.reserve(number);
    }
    void watch(int fd, const Hook& hook) {
        uv_poll_t& poll = add(polls_, hook);
        check(uv_poll_init(&loop_, &poll, fd));
        check(uv_poll_start(&poll, UV_READABLE, [](uv_poll_t* handle, int, int) { hook_at(handle->data)(); }));
    }
    void add_task(const Hook& hook) { uv_idle_init(&loop_, &add(tasks_, hook)); }
    void schedule(std::size_t index) {
        uv_idle_start(tasks_[index].get(), [](uv_idle_t* handle) {
            uv_idle_stop(handle);
            hook_at(handle->data)();
        });
    }
    void post(const Hook& hook) {
        if (poster_ == nullptr) {
            poster_ = std::make_unique<uv_idle_t>();
            uv_idle_init(&loop_, poster_.get());
            poster_->data = &posts_;
        }
        if (posts_.push(hook)) {
            uv_idle_start(poster_.get(), [](uv_idle_t* handle) {
                uv_idle_stop(handle);
                static_cast<HomeQueue*>(handle->data)->run_all();
            });
        }
    }
    void set_waker(const Hook& hook) {
        waker_.data = data_of(hook);
        check(uv_async_init(&loop_, &waker_, [](uv_async_t* handle) { hook_at(handle->data)(); }));
    }
    void wake() { uv_async_send(&waker_); }
    void add_sender(const Hook& hook) {
        if (senders_.empty()) {
            start_remote();
        }
        senders_.push_back(&hook);
    }
    void send(std::size_t index) {
        if (remote_.push(senders_[index])) {
            uv_async_send(&remote_async_);
        }
    }
    void start_remote() {
        remote_async_.data = this;
        check(uv_async_init(&loop_, &remote_async_, [](uv_async_t* handle) {
            auto* self = static_cast<UvLoop*>(handle->data);
            self->remote_.run_all();
            self->remote_posts_.run_all();
        }));
    }
    void post_across(const Hook& hook) {
        if (remote_posts_.push([&hook] { hook(); })) {
            uv_async_send(&remote_async_);
        }
    }
    void add_timer(const Hook& hook) { uv_timer_init(&loop_, &add(timers_, hook)); }
    void arm(std::size_t index, std::int64_t, std::int64_t delay) {
        uv_timer_start(
            timers_[index].get(),
            [](uv_timer_t* handle) {
                hook_at(handle->data)();
                // libuv before 1.45 looks at timers first and then sleeps, although some have fired.
                uv_stop(handle->loop);
            },
            static_cast<std::uint64_t>((delay + 999'999) / 1'000'000), 0);
    }
    void cancel(std::size_t index) { uv_timer_stop(timers_[index].get()); }
    void refresh_time() { uv_update_time(&loop_); }

private:
    template <class H>
    static H& add(std::vector<std::unique_ptr<H>>& handles, const Hook& hook) {
        H& handle = *handles.emplace_back(std::make_unique<H>());
        handle.data = data_of(hook);
        return handle;
    }

    uv_loop_t loop_{};
    std::vector<std::unique_ptr<uv_poll_t>> polls_;
    std::vector<std::unique_ptr<uv_idle_t>> tasks_;
    std::vector<std::unique_ptr<uv_timer_t>> timers_;
    std::unique_ptr<uv_idle_t> poster_;
    HomeQueue posts_;
    uv_async_t waker_{};
    uv_async_t remote_async_{};
    RemoteQueue remote_;
    RemotePosts remote_posts_;
    std::vector<const Hook*> senders_;
};

}  // namespace

void add_uv(Registry& to) {
    add_workloads<UvLoop>(to, "libuv", uv_version_string());
}

}  // namespace bench
