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
#include "delivery/reader.hpp"

namespace demo {

/// The walk on an IoThread, the reading on another, the hashing on a ThreadPool, all arriving through one context.
///
/// The walk is a bottom half that does a little and schedules itself again. What it finds goes into a mailbox, as does
/// what was hashed; a bottom half of the home thread empties that, and is one wake-up however much there is. When there
/// are batches enough in the mailbox the walk does not schedule itself: emptying the mailbox does.
class NestlingDelivery final : public Delivery {
public:
    NestlingDelivery(nestling::Context& context, std::size_t threads);
    ~NestlingDelivery() override;

    void walk(Walker walker, Receiver& receiver) override;
    [[nodiscard]] bool submit(const HashRequest& request) override;
    void stop() override;
    [[nodiscard]] Wakes wakes() const override;
    [[nodiscard]] std::string reading() const override { return reader_.engine(); }

private:
    void walk_on();
    /// The reader's thread.
    void hashed(HashResult result);
    void empty_mailbox();

    nestling::Context& context_;
    const nestling::Statistics before_;
    Receiver* receiver_ = nullptr;

    std::size_t in_flight_ = 0;

    std::optional<Walker> walker_;  ///< touched by the walk's thread only, once it has begun
    std::mutex mutex_;
    std::deque<WalkBatch> mailbox_;   ///< with mutex_
    bool walk_is_parked_ = false;     ///< with mutex_
    std::deque<HashResult> results_;  ///< with mutex_
    nestling::BottomHalf mail_;
    Reader reader_;
    nestling::IoThread walk_thread_;
    nestling::BottomHalf walk_step_;
};

}  // namespace demo
