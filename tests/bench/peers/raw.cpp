// SPDX-License-Identifier: MIT
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <deque>
#include <system_error>

#include "bench/peers/peers.hpp"
#include "bench/peers/remote_queue.hpp"
#include "bench/workloads/all.hpp"

namespace bench {

namespace {

int checked(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return result;
}

/// The bare system calls: epoll, an edge-triggered eventfd that is written for each wake and never read, a timerfd; and
/// a list of one compare-and-exchange for each object sent. It does nothing that a library must do for its users, so it
/// is not a loop to use but the limit. A turn only empties the list, without a system call.
class RawLoop {
public:
    RawLoop() : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {}
    RawLoop(const RawLoop&) = delete;
    RawLoop& operator=(const RawLoop&) = delete;
    ~RawLoop() {
        for (const int fd : {epoll_, event_, timer_}) {
            if (fd >= 0) {
                ::close(fd);
            }
        }
    }

    void turn() {
        for (Node* node = sent_.exchange(nullptr, std::memory_order_acquire); node != nullptr;) {
            Node* next = node->next;
            (*node->hook)();
            node = next;
        }
    }
    void wait() {
        epoll_event event{};
        if (::epoll_wait(epoll_, &event, 1, -1) == 1) {
            hook_at(event.data.ptr)();
        }
    }
    void watch(int fd, const Hook& hook) { watch_for(EPOLLIN, fd, hook); }
    void set_waker(const Hook& hook) {
        event_ = checked(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
        watch_for(EPOLLIN | EPOLLET, event_, hook);
    }
    void wake() { signal_fd(event_); }
    void add_sender(const Hook& hook) { nodes_.push_back({&hook, nullptr}); }
    void send(std::size_t index) {
        Node& node = nodes_[index];
        node.next = sent_.load(std::memory_order_relaxed);
        while (!sent_.compare_exchange_weak(node.next, &node, std::memory_order_release, std::memory_order_relaxed)) {
        }
    }
    void add_timer(const Hook& hook) {
        timer_ = checked(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create");
        watch_for(EPOLLIN | EPOLLET, timer_, hook);
    }
    void arm(std::size_t, std::int64_t now, std::int64_t delay) {
        itimerspec when{};
        when.it_value.tv_sec = (now + delay) / 1'000'000'000;
        when.it_value.tv_nsec = (now + delay) % 1'000'000'000;
        checked(::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr), "timerfd_settime");
    }

private:
    struct Node {
        const Hook* hook;
        Node* next;
    };

    void watch_for(std::uint32_t events, int fd, const Hook& hook) {
        epoll_event event{};
        event.events = events;
        event.data.ptr = data_of(hook);
        checked(::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
    }

    int epoll_;
    int event_ = -1;
    int timer_ = -1;
    std::deque<Node> nodes_;
    alignas(64) std::atomic<Node*> sent_{nullptr};
};

}  // namespace

void add_raw(Registry& to) {
    add_workloads<RawLoop>(to, "raw", "system calls and atomics");
}

}  // namespace bench
