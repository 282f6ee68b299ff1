// SPDX-License-Identifier: MIT
#include "delivery/nestling_delivery.hpp"

#include <nestling/timer.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace demo {

namespace {

constexpr std::size_t batches_at_once = 4;

nestling::ThreadPoolOptions pool_options(std::size_t threads) {
    nestling::ThreadPoolOptions options;
    options.name = "hash";
    options.max_threads = threads;
    options.queue_limit = Delivery::files_ahead;
    return options;
}

nestling::ContextOptions walk_options() {
    nestling::ContextOptions options;
    options.name = "walk";
    return options;
}

/// What the job returned, or a failure that says what it threw.
HashResult take(nestling::Outcome<HashResult>& outcome, const HashRequest& request) {
    try {
        return std::move(outcome.value());
    } catch (const std::exception& error) {
        HashResult result;
        result.request = request;
        result.status = HashResult::Status::failed;
        result.error = std::string("could not be hashed: ") + error.what();
        result.ended = nestling::clock_now(nestling::Clock::monotonic);
        return result;
    }
}

}  // namespace

NestlingDelivery::NestlingDelivery(nestling::Context& context, std::size_t threads)
    : context_(context),
      before_(context.statistics()),
      pool_(std::make_shared<nestling::ThreadPool>(pool_options(threads))),
      queue_(std::make_unique<nestling::WorkQueue>(context, pool_, "hash")),
      mail_(context, "walk batches", [this] { empty_mailbox(); }),
      walk_thread_(walk_options()),
      walk_step_(*walk_thread_.context(), "walk", [this] { walk_on(); }) {}

NestlingDelivery::~NestlingDelivery() {
    NestlingDelivery::stop();
}

void NestlingDelivery::walk(Walker walker, Receiver& receiver) {
    receiver_ = &receiver;
    walker_ = std::move(walker);
    walk_step_.schedule();
}

bool NestlingDelivery::submit(const HashRequest& request) {
    const auto refused = queue_->submit(
        [request, stop = &stop_, sent = sent_counter()] {
            HashResult result = hash_file(request, *stop);
            sent->fetch_add(1);
            result.ended = nestling::clock_now(nestling::Clock::monotonic);
            return result;
        },
        [this, request](nestling::Outcome<HashResult> outcome) {
            HashResult result = take(outcome, request);
            record(result.ended);
            receiver_->on_hashed(std::move(result));
        });
    return !refused;
}

void NestlingDelivery::walk_on() {
    WalkBatch batch = walker_->next();
    const bool last = batch.last;
    sent_counter()->fetch_add(1);
    batch.ended = nestling::clock_now(nestling::Clock::monotonic);
    bool full = false;
    {
        const std::lock_guard lock(mutex_);
        mailbox_.push_back(std::move(batch));
        full = mailbox_.size() >= batches_ahead;
        walk_is_parked_ = full && !last;
    }
    mail_.schedule();
    if (!last && !full) {
        walk_step_.schedule();
    }
}

void NestlingDelivery::empty_mailbox() {
    std::vector<WalkBatch> batches;
    bool go_on = false;
    bool more = false;
    {
        const std::lock_guard lock(mutex_);
        const std::size_t count = std::min(mailbox_.size(), batches_at_once);
        const auto end = mailbox_.begin() + static_cast<std::ptrdiff_t>(count);
        std::move(mailbox_.begin(), end, std::back_inserter(batches));
        mailbox_.erase(mailbox_.begin(), end);
        more = !mailbox_.empty();
        go_on = std::exchange(walk_is_parked_, false);
    }
    if (more) {
        // The rest comes in the next iteration: a frame may be due before.
        mail_.schedule();
    }
    if (go_on) {
        walk_step_.schedule();
    }
    for (WalkBatch& batch : batches) {
        record(batch.ended);
        receiver_->on_batch(std::move(batch));
    }
}

void NestlingDelivery::stop() {
    stop_.store(true, std::memory_order_relaxed);
    if (walk_step_) {
        // From here on the walk's thread touches nothing of this object.
        walk_step_.remove_and_wait();
        walk_thread_.stop();
    }
    mail_ = nestling::BottomHalf();
    queue_.reset();
    pool_.reset();
}

Wakes NestlingDelivery::wakes() const {
    const nestling::Statistics now = context_.statistics();
    return {now.wakes_written - before_.wakes_written, now.sleeps - before_.sleeps};
}

}  // namespace demo
