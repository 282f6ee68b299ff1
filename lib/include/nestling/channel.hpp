// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <cstddef>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include <nestling/task_frame.hpp>
#include <nestling/waiter.hpp>

namespace nestling {

/// A queue of bounded length between tasks of any contexts, with any number of senders and receivers: first in, first
/// out, and first come, first served. Any thread. Must not be destroyed while a task waits.
///
/// No item is lost with a task that is stopped or destroyed while it waits: an item that is not sent stays with who
/// wanted to send it, and one that a receiver was woken for goes to the next.
template <class T>
class Channel final : async::WaitPlace {
    static_assert(std::is_nothrow_move_constructible_v<T>, "items are moved where nothing may fail");

public:
    class Send;
    class Receive;

    /// Throws std::logic_error for `capacity` 0, and std::bad_alloc: all memory is taken now.
    explicit Channel(std::size_t capacity) : items_(capacity) {
        if (capacity == 0) {
            throw std::logic_error("nestling: a Channel without room");
        }
    }
    ~Channel() override {
        refuse_waiters(senders_, "Channel");
        refuse_waiters(receivers_, "Channel");
    }

    /// In a Task: `co_await channel.send(std::move(item))` is true when the item is in the channel, and false if that
    /// is closed; `item` has its value then, as it has when this throws.
    [[nodiscard]] Send send(T&& item) noexcept { return Send(*this, item); }
    /// In a Task: `co_await channel.receive()` is the next item, or nothing if the channel is closed and empty.
    [[nodiscard]] Receive receive() noexcept { return Receive(*this); }

    /// Anywhere. False, and `item` has its value, if it would have to wait, or the channel is closed.
    [[nodiscard]] bool try_send(T&& item) {
        const std::lock_guard lock(mutex());
        if (is_closed_ || !may_send()) {
            return false;
        }
        push(item);
        settle();
        return true;
    }
    /// Anywhere. Nothing if there is no item that nobody was woken for.
    [[nodiscard]] std::optional<T> try_receive() {
        const std::lock_guard lock(mutex());
        return may_receive() ? std::optional<T>(pop()) : std::nullopt;
    }
    /// Nothing can be sent any more: who waits to send is told so. What is in the channel can be received. Idempotent.
    void close() {
        const std::lock_guard lock(mutex());
        is_closed_ = true;
        settle();
    }
    /// Items that are in the channel now.
    [[nodiscard]] std::size_t size() const noexcept {
        const std::lock_guard lock(mutex());
        return count_;
    }

    /// What send() returns.
    class [[nodiscard]] Send final : async::Waiter {
    public:
        Send(Channel& channel, T& item) noexcept : Waiter(channel, channel.senders_), channel_(channel), item_(item) {}
        ~Send() override { leave(); }

        [[nodiscard]] static bool await_ready() noexcept { return false; }
        template <async::TaskPromise Promise>
        bool await_suspend(std::coroutine_handle<Promise> task) {
            return wait(task.promise());
        }
        bool await_resume() {
            end_wait();
            return is_sent_;
        }

    private:
        friend class Channel;

        bool take() noexcept override {
            if (channel_.is_closed_) {
                return true;
            }
            if (!channel_.may_send()) {
                return false;
            }
            send();
            channel_.settle();
            return true;
        }
        void give_back() noexcept override {}
        void send() noexcept {
            channel_.push(item_);
            is_sent_ = true;
        }

        Channel& channel_;
        T& item_;
        bool is_sent_ = false;
    };

    /// What receive() returns.
    class [[nodiscard]] Receive final : async::Waiter {
    public:
        explicit Receive(Channel& channel) noexcept : Waiter(channel, channel.receivers_), channel_(channel) {}
        ~Receive() override { leave(); }

        [[nodiscard]] static bool await_ready() noexcept { return false; }
        template <async::TaskPromise Promise>
        bool await_suspend(std::coroutine_handle<Promise> task) {
            return wait(task.promise());
        }
        std::optional<T> await_resume() {
            if (end_wait() && std::exchange(has_claim_, false)) {
                const std::lock_guard lock(mutex());
                --channel_.claims_;
                return channel_.pop();
            }
            return std::move(item_);
        }

    private:
        friend class Channel;

        bool take() noexcept override {
            if (channel_.may_receive()) {
                item_.emplace(channel_.pop());
                return true;
            }
            return channel_.is_closed_;
        }
        void give_back() noexcept override {
            if (std::exchange(has_claim_, false)) {
                --channel_.claims_;
            }
        }

        Channel& channel_;
        std::optional<T> item_;
        /// One of the items in the channel is for this.
        bool has_claim_ = false;
    };

private:
    [[nodiscard]] bool may_send() const noexcept { return count_ != items_.size(); }
    [[nodiscard]] bool may_receive() const noexcept { return count_ != claims_; }

    void push(T& item) noexcept {
        items_[(first_ + count_) % items_.size()].emplace(std::move(item));
        ++count_;
    }
    T pop() noexcept {
        std::optional<T>& place = items_[first_];
        T item = std::move(*place);
        place.reset();
        first_ = (first_ + 1) % items_.size();
        --count_;
        settle();
        return item;
    }

    void settle() noexcept override {
        while (!senders_.empty() && (is_closed_ || may_send())) {
            auto& sender = static_cast<Send&>(senders_.front());
            if (!is_closed_) {
                sender.send();
            }
            sender.grant();
        }
        while (!receivers_.empty() && (is_closed_ || may_receive())) {
            auto& receiver = static_cast<Receive&>(receivers_.front());
            if (may_receive()) {
                ++claims_;
                receiver.has_claim_ = true;
            }
            receiver.grant();
        }
    }

    async::WaitList senders_;
    async::WaitList receivers_;
    std::vector<std::optional<T>> items_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
    /// Items that receivers were woken for and have not taken yet.
    std::size_t claims_ = 0;
    bool is_closed_ = false;
};

}  // namespace nestling
