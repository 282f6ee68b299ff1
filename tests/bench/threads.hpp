// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace bench {

/// The CPUs that the workloads use. With two CPUs, both producers share the one that the loop does not run on.
struct Cpus {
    int producer;
    int second_producer;
    int loop;
    std::size_t count;
};

/// From the process' affinity when it is first called.
const Cpus& cpus();

/// A thread that runs `body` on one CPU only. What it throws ends up in join().
class PinnedThread {
public:
    PinnedThread(int cpu, std::function<void()> body);
    PinnedThread(const PinnedThread&) = delete;
    PinnedThread& operator=(const PinnedThread&) = delete;
    ~PinnedThread();
    void join();

private:
    std::exception_ptr failure_;
    std::thread thread_;
};

/// Opens once, for all who wait.
class Gate {
public:
    void open() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        opened_.notify_all();
    }
    void pass() {
        std::unique_lock lock(mutex_);
        opened_.wait(lock, [this] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable opened_;
    bool open_ = false;
};

}  // namespace bench
