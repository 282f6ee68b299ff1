// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/bottom_half.hpp>
#include <nestling/context.hpp>
#include <nestling/io_thread.hpp>
#include <nestling/thread_pool.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "delivery/delivery.hpp"

namespace demo {

/// The walk on an IoThread, the hashing on a ThreadPool, both arriving through one context.
///
/// The walk is a bottom half that does a little and schedules itself again. What it finds goes into a mailbox; a bottom
/// half of the home thread empties that, and is one wake-up however many batches there are. When the mailbox is full
/// the walk does not schedule itself: emptying the mailbox does.
class NestlingDelivery final : public Delivery {
public:
    NestlingDelivery(nestling::Context& context, std::size_t threads);
    ~NestlingDelivery() override;

    void walk(Walker walker, Receiver& receiver) override;
    [[nodiscard]] bool submit(const HashRequest& request) override;
    void stop() override;
    [[nodiscard]] Wakes wakes() const override;

private:
    void walk_on();
    void empty_mailbox();

    nestling::Context& context_;
    const nestling::Statistics before_;
    StopFlag stop_{false};
    Receiver* receiver_ = nullptr;

    std::shared_ptr<nestling::ThreadPool> pool_;
    std::unique_ptr<nestling::WorkQueue> queue_;

    std::optional<Walker> walker_;  ///< touched by the walk's thread only, once it has begun
    std::mutex mutex_;
    std::deque<WalkBatch> mailbox_;  ///< with mutex_
    bool walk_is_parked_ = false;    ///< with mutex_
    nestling::BottomHalf mail_;
    nestling::IoThread walk_thread_;
    nestling::BottomHalf walk_step_;
};

}  // namespace demo
