// SPDX-License-Identifier: MIT
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
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
        throw std::system_error(-result, std::generic_category(), "sd-event");
    }
}

/// An eventfd and the flag that keeps it from being written twice.
class Doorbell {
public:
    Doorbell() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
        if (fd_ < 0) {
            throw std::system_error(errno, std::generic_category(), "eventfd");
        }
    }
    Doorbell(const Doorbell&) = delete;
    Doorbell& operator=(const Doorbell&) = delete;
    ~Doorbell() { ::close(fd_); }
    [[nodiscard]] int fd() const { return fd_; }
    void ring() {
        if (!rung_.exchange(true, std::memory_order_acq_rel)) {
            signal_fd(fd_);
        }
    }
    void hear() {
        drain_fd(fd_);
        rung_.exchange(false, std::memory_order_acq_rel);
    }

private:
    int fd_;
    alignas(64) std::atomic<bool> rung_{false};
};

/// sd-event. Bottom halves are one-shot defer sources; posts are a list that one of them empties. It has nothing for
/// other threads, so an eventfd does that, with a flag in front, and a list behind a mutex for distinct triggers.
/// Timers are time sources with an accuracy of 1 us instead of the default quarter of a second. A turn dispatches one
/// source only: that is how sd_event_run() is.
class SdLoop {
public:
    SdLoop() { check(sd_event_new(&event_)); }
    SdLoop(const SdLoop&) = delete;
    SdLoop& operator=(const SdLoop&) = delete;
    ~SdLoop() {
        for (sd_event_source* source : sources_) {
            sd_event_source_unref(source);
        }
        sd_event_unref(event_);
    }

    void turn() { check(sd_event_run(event_, 0)); }
    void wait() { check(sd_event_run(event_, UINT64_MAX)); }
    void reserve(std::size_t number) {
        sources_.reserve(number);
        tasks_.reserve(number);
        timers_.reserve(number);
    }
    void watch(int fd, const Hook& hook) {
        watch_with(
            fd,
            [](sd_event_source*, int, std::uint32_t, void* data) {
                hook_at(data)();
                return 0;
            },
            data_of(hook));
    }
    void add_task(const Hook& hook) {
        tasks_.push_back(defer(
            [](sd_event_source*, void* data) {
                hook_at(data)();
                return 0;
            },
            data_of(hook)));
    }
    void schedule(std::size_t index) { sd_event_source_set_enabled(tasks_[index], SD_EVENT_ONESHOT); }
    void post(const Hook& hook) {
        if (poster_ == nullptr) {
            poster_ = defer(
                [](sd_event_source*, void* data) {
                    static_cast<HomeQueue*>(data)->run_all();
                    return 0;
                },
                &posts_);
        }
        if (posts_.push(hook)) {
            sd_event_source_set_enabled(poster_, SD_EVENT_ONESHOT);
        }
    }
    void set_waker(const Hook& hook) {
        waker_ = &hook;
        watch_with(
            new_bell(),
            [](sd_event_source*, int, std::uint32_t, void* data) {
                auto* loop = static_cast<SdLoop*>(data);
                loop->bell_->hear();
                (*loop->waker_)();
                return 0;
            },
            this);
    }
    void wake() { bell_->ring(); }
    void add_sender(const Hook& hook) {
        if (senders_.empty()) {
            start_remote();
        }
        senders_.push_back(&hook);
    }
    void send(std::size_t index) {
        if (remote_.push(senders_[index])) {
            bell_->ring();
        }
    }
    void start_remote() {
        watch_with(
            new_bell(),
            [](sd_event_source*, int, std::uint32_t, void* data) {
                auto* loop = static_cast<SdLoop*>(data);
                loop->bell_->hear();
                loop->remote_.run_all();
                loop->remote_posts_.run_all();
                return 0;
            },
            this);
    }
    void post_across(const Hook& hook) {
        if (remote_posts_.push([&hook] { hook(); })) {
            bell_->ring();
        }
    }
    void add_timer(const Hook& hook) {
        sd_event_source* source = nullptr;
        check(sd_event_add_time(
            event_, &source, CLOCK_MONOTONIC, UINT64_MAX, 1,
            [](sd_event_source*, std::uint64_t, void* data) {
                hook_at(data)();
                return 0;
            },
            data_of(hook)));
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
        timers_.push_back(adopt(source));
    }
    void arm(std::size_t index, std::int64_t now, std::int64_t delay) {
        sd_event_source_set_time(timers_[index], static_cast<std::uint64_t>((now + delay + 999) / 1000));
        sd_event_source_set_enabled(timers_[index], SD_EVENT_ONESHOT);
    }
    void cancel(std::size_t index) { sd_event_source_set_enabled(timers_[index], SD_EVENT_OFF); }

private:
    sd_event_source* adopt(sd_event_source* source) { return sources_.emplace_back(source); }
    sd_event_source* defer(sd_event_handler_t handler, void* data) {
        sd_event_source* source = nullptr;
        check(sd_event_add_defer(event_, &source, handler, data));
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
        return adopt(source);
    }
    int new_bell() {
        bell_ = std::make_unique<Doorbell>();
        return bell_->fd();
    }
    void watch_with(int fd, sd_event_io_handler_t handler, void* data) {
        sd_event_source* source = nullptr;
        check(sd_event_add_io(event_, &source, fd, EPOLLIN, handler, data));
        adopt(source);
    }

    std::unique_ptr<Doorbell> bell_;
    sd_event* event_ = nullptr;
    std::vector<sd_event_source*> sources_;
    std::vector<sd_event_source*> tasks_;
    std::vector<sd_event_source*> timers_;
    sd_event_source* poster_ = nullptr;
    HomeQueue posts_;
    const Hook* waker_ = nullptr;
    RemoteQueue remote_;
    RemotePosts remote_posts_;
    std::vector<const Hook*> senders_;
};

}  // namespace

void add_sd(Registry& to) {
    add_workloads<SdLoop>(to, "sd-event", BENCH_SYSTEMD_VERSION);
}

}  // namespace bench
