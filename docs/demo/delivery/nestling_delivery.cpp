// SPDX-License-Identifier: MIT
#include "delivery/nestling_delivery.hpp"

#include <nestling/timer.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace demo {

namespace {

constexpr std::size_t batches_at_once = 4;
constexpr std::size_t results_at_once = 16;

/// The first of `from`, at most `most`.
template <class T>
std::vector<T> take(std::deque<T>& from, std::size_t most) {
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(from.size(), most));
    std::vector<T> taken(std::make_move_iterator(from.begin()), std::make_move_iterator(end));
    from.erase(from.begin(), end);
    return taken;
}

nestling::ContextOptions walk_options() {
    nestling::ContextOptions options;
    options.name = "walk";
    return options;
}

}  // namespace

NestlingDelivery::NestlingDelivery(nestling::Context& context, std::size_t threads)
    : context_(context),
      before_(context.statistics()),
      mail_(context, "mailbox", [this] { empty_mailbox(); }),
      reader_(threads, [this](HashResult result) { hashed(std::move(result)); }),
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
    if (in_flight_ == files_ahead) {
        return false;
    }
    reader_.submit(request);
    ++in_flight_;
    return true;
}

void NestlingDelivery::hashed(HashResult result) {
    sent_counter()->fetch_add(1);
    result.ended = nestling::clock_now(nestling::Clock::monotonic);
    {
        const std::lock_guard lock(mutex_);
        results_.push_back(std::move(result));
    }
    mail_.schedule();
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
    std::vector<HashResult> results;
    bool go_on = false;
    bool more = false;
    {
        const std::lock_guard lock(mutex_);
        batches = take(mailbox_, batches_at_once);
        results = take(results_, results_at_once);
        more = !mailbox_.empty() || !results_.empty();
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
    for (HashResult& result : results) {
        --in_flight_;
        record(result.ended);
        receiver_->on_hashed(std::move(result));
    }
}

void NestlingDelivery::stop() {
    if (walk_step_) {
        // From here on the walk's thread touches nothing of this object.
        walk_step_.remove_and_wait();
        walk_thread_.stop();
    }
    reader_.stop();
    mail_ = nestling::BottomHalf();
}

Wakes NestlingDelivery::wakes() const {
    const nestling::Statistics now = context_.statistics();
    return {now.wakes_written - before_.wakes_written, now.sleeps - before_.sleeps};
}

}  // namespace demo
