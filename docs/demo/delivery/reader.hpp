// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/io_queue.hpp>
#include <nestling/io_thread.hpp>
#include <nestling/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "finder/hasher.hpp"

namespace demo {

/// Reads files on an I/O thread of its own, as many at a time as it is given, each in a coroutine; the arithmetic is
/// done by a pool.
class Reader {
public:
    /// `done` is called on the reader's thread. Throws std::system_error when threads or descriptors run out.
    Reader(std::size_t threads, std::function<void(HashResult)> done);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader();

    /// Any thread. Each file has one job in the pool at a time, whose queue takes a thousand.
    void submit(const HashRequest& request);
    /// Any thread but the reader's. Ends what is being read; `done` is not called any more.
    void stop();
    /// Which way files are read, and why.
    [[nodiscard]] const std::string& engine() const noexcept { return engine_; }

private:
    struct Queues {
        Queues(nestling::Context& context, const std::shared_ptr<nestling::ThreadPool>& pool);

        nestling::IoQueue io;
        nestling::WorkQueue hashing;
    };

    void ended(const HashRequest& request, nestling::Outcome<HashResult> outcome);

    const std::function<void(HashResult)> done_;
    StopFlag stop_flag_{false};
    std::stop_source stop_;
    std::atomic<std::size_t> in_flight_{0};
    std::shared_ptr<nestling::ThreadPool> pool_;
    std::string engine_;
    std::optional<Queues> queues_;  ///< on the reader's thread
    nestling::IoThread thread_;
};

}  // namespace demo
