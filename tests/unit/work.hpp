// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>
#include <nestling/thread_pool.hpp>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <utility>

#include "support/gate.hpp"

namespace nestling::testing {

inline std::shared_ptr<ThreadPool> make_pool(std::size_t max_threads, std::size_t queue_limit = 1024) {
    ThreadPoolOptions options;
    options.max_threads = max_threads;
    options.queue_limit = queue_limit;
    return std::make_shared<ThreadPool>(options);
}

/// Keeps one thread of a pool busy until open(), or until its own end.
class BusyThread {
public:
    explicit BusyThread(WorkQueue& queue) {
        const auto work = [state = state_] {
            state->started.open();
            state->gate.wait();
        };
        if (queue.submit(work, [state = state_](const Outcome<void>&) { state->is_delivered = true; })) {
            throw std::runtime_error("no busy thread for the test");
        }
        state_->started.wait();
    }
    BusyThread(const BusyThread&) = delete;
    BusyThread& operator=(const BusyThread&) = delete;
    ~BusyThread() { open(); }

    void open() { state_->gate.open(); }
    /// Home thread.
    [[nodiscard]] bool is_delivered() const noexcept { return state_->is_delivered; }

private:
    struct State {
        Gate started;
        Gate gate;
        bool is_delivered = false;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace nestling::testing
