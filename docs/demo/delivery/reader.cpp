// SPDX-License-Identifier: MIT
#include "delivery/reader.hpp"

#include <nestling/call_in.hpp>
#include <nestling/spawn.hpp>
#include <nestling/wait.hpp>

#include <exception>
#include <utility>

#include "finder/async_hasher.hpp"

namespace demo {

namespace {

nestling::ThreadPoolOptions pool_options(std::size_t threads) {
    nestling::ThreadPoolOptions options;
    options.name = "hash";
    options.max_threads = threads;
    return options;
}

nestling::ContextOptions thread_options() {
    nestling::ContextOptions options;
    options.name = "read";
    return options;
}

}  // namespace

Reader::Queues::Queues(nestling::Context& context, const std::shared_ptr<nestling::ThreadPool>& pool)
    : io(context, {.pool = pool, .name = "files"}), hashing(context, pool, "hash") {}

Reader::Reader(std::size_t threads, std::function<void(HashResult)> done)
    : done_(std::move(done)),
      pool_(std::make_shared<nestling::ThreadPool>(pool_options(threads))),
      thread_(thread_options()) {
    nestling::Context& context = *thread_.context();
    call_in(context, [&] { queues_.emplace(context, pool_); });
    const bool is_uring = queues_->io.engine() == nestling::IoEngine::io_uring;
    engine_ = std::string(is_uring ? "io_uring" : "threads") + " (" + queues_->io.engine_reason() + ")";
}

Reader::~Reader() {
    stop();
}

void Reader::submit(const HashRequest& request) {
    in_flight_.fetch_add(1);
    nestling::spawn(
        *thread_.context(), "read a file", hash_file_through(queues_->io, queues_->hashing, request, stop_flag_),
        [this, request](nestling::Outcome<HashResult> outcome) { ended(request, std::move(outcome)); },
        stop_.get_token());
}

void Reader::ended(const HashRequest& request, nestling::Outcome<HashResult> outcome) {
    in_flight_.fetch_sub(1);
    if (outcome.cancelled()) {
        return;
    }
    try {
        done_(std::move(outcome).take());
    } catch (const std::exception& error) {
        HashResult result;
        result.request = request;
        result.status = HashResult::Status::failed;
        result.error = std::string("could not be hashed: ") + error.what();
        done_(std::move(result));
    }
}

void Reader::stop() {
    if (!stop_.request_stop()) {
        return;
    }
    stop_flag_.store(true, std::memory_order_relaxed);
    nestling::Context& context = *thread_.context();
    call_in(context, [&] {
        nestling::run_until(context, [this] { return in_flight_.load() == 0; });
        queues_.reset();
    });
    thread_.stop();
}

}  // namespace demo
