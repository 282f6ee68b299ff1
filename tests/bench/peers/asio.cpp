// SPDX-License-Identifier: MIT
#include <asio.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "bench/peers/peers.hpp"
#include "bench/peers/remote_queue.hpp"
#include "bench/workloads/all.hpp"

namespace bench {

namespace {

/// asio. post() for everything that is to run soon, from any thread; it has nothing that coalesces, so an atomic flag
/// stands in front of it there. The concurrency hint says that one thread runs the loop, as its documentation advises.
/// A turn is poll(): all handlers that are ready, and one look at the reactor.
class AsioLoop {
public:
    AsioLoop() : context_(1), guard_(asio::make_work_guard(context_)) {}
    AsioLoop(const AsioLoop&) = delete;
    AsioLoop& operator=(const AsioLoop&) = delete;
    ~AsioLoop() {
        for (const auto& descriptor : descriptors_) {
            descriptor->release();
        }
    }

    void turn() { context_.poll(); }
    void wait() { context_.run_one(); }
    void reserve(std::size_t number) {
        descriptors_.reserve(number);
        tasks_.reserve(number);
        timers_.reserve(number);
        timer_hooks_.reserve(number);
    }
    void watch(int fd, const Hook& hook) {
        wait_for(*descriptors_.emplace_back(std::make_unique<asio::posix::stream_descriptor>(context_, fd)), hook);
    }
    void add_task(const Hook& hook) { tasks_.push_back(&hook); }
    void schedule(std::size_t index) { post(*tasks_[index]); }
    void post(const Hook& hook) {
        asio::post(context_, [&hook] { hook(); });
    }
    void set_waker(const Hook& hook) { waker_ = &hook; }
    void wake() {
        if (!woken_.exchange(true, std::memory_order_acq_rel)) {
            asio::post(context_, [this] {
                woken_.exchange(false, std::memory_order_acq_rel);
                (*waker_)();
            });
        }
    }
    void add_sender(const Hook& hook) { add_task(hook); }
    void send(std::size_t index) { post(*tasks_[index]); }
    void post_across(const Hook& hook) { post(hook); }
    void add_timer(const Hook& hook) {
        timers_.push_back(std::make_unique<asio::steady_timer>(context_));
        timer_hooks_.push_back(&hook);
    }
    void arm(std::size_t index, std::int64_t now, std::int64_t delay) {
        timers_[index]->expires_at(std::chrono::steady_clock::time_point(std::chrono::nanoseconds(now + delay)));
        timers_[index]->async_wait([hook = timer_hooks_[index]](const asio::error_code& error) {
            if (!error) {
                (*hook)();
            }
        });
    }
    void cancel(std::size_t index) { timers_[index]->cancel(); }
    /// A cancelled wait ends in its handler, which runs later.
    void settle() { context_.poll(); }

private:
    static void wait_for(asio::posix::stream_descriptor& descriptor, const Hook& hook) {
        descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                              [&descriptor, &hook](const asio::error_code& error) {
                                  if (!error) {
                                      hook();
                                      wait_for(descriptor, hook);
                                  }
                              });
    }

    asio::io_context context_;
    asio::executor_work_guard<asio::io_context::executor_type> guard_;
    std::vector<std::unique_ptr<asio::posix::stream_descriptor>> descriptors_;
    std::vector<const Hook*> tasks_;
    std::vector<std::unique_ptr<asio::steady_timer>> timers_;
    std::vector<const Hook*> timer_hooks_;
    const Hook* waker_ = nullptr;
    alignas(64) std::atomic<bool> woken_{false};
};

}  // namespace

void add_asio(Registry& to) {
    add_workloads<AsioLoop>(to, "asio",
                            std::to_string(ASIO_VERSION / 100000) + "." + std::to_string(ASIO_VERSION / 100 % 1000) +
                                "." + std::to_string(ASIO_VERSION % 100));
}

}  // namespace bench
