// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/callback.hpp>

#include <array>
#include <cstdint>
#include <memory>

#include "loop/budget.hpp"
#include "loop/callback_stack.hpp"
#include "loop/home_posts.hpp"
#include "loop/pooled_node.hpp"
#include "loop/wake_event.hpp"
#include "sync/bottom_half_list.hpp"
#include "sync/counter.hpp"
#include "sync/wake.hpp"

namespace nestling::loop {

/// A bottom half, or a post: of the user, or a request of the library itself.
struct BottomHalfNode : sync::BottomHalfLink<>, PooledNode {
    BottomHalfNode(const char* handle_name, Callback<void()> function) noexcept
        : name(handle_name), callback(std::move(function)) {}
    /// Born pending; `mark` is State::post or State::request.
    BottomHalfNode(State::Flags mark, const char* post_name, Callback<void()> function) noexcept
        : sync::BottomHalfLink<>(mark), name(post_name), callback(std::move(function)) {}

    const char* name;
    Callback<void()> callback;
};
// What the bases leave unused is used.
static_assert(sizeof(void*) != 8 || sizeof(BottomHalfNode) == 48);

/// Runs the bottom halves of one context, and frees those whose handle is gone.
class BottomHalfQueue {
public:
    using List = sync::BottomHalfList<sync::Wake, BottomHalfNode>;

    BottomHalfQueue(WakeEvent& event, CallbackStack& stack) noexcept
        : list_(first_room_.data(), first_room_size), event_(event), stack_(stack) {}
    BottomHalfQueue(const BottomHalfQueue&) = delete;
    BottomHalfQueue& operator=(const BottomHalfQueue&) = delete;

    // ---- Any thread, lock-free; all but the posts signal-safe ----

    /// Of one that is not scheduled already.
    void schedule_anew(BottomHalfNode& node) noexcept;
    /// Of a node that is born pending, once. Takes it.
    void publish(BottomHalfNode& node) noexcept { list_.publish(node, event_); }
    void schedule_idle(BottomHalfNode& node) noexcept { list_.schedule_idle(node, event_); }
    void mark_deleted(BottomHalfNode& node) noexcept { list_.mark_deleted(node, event_); }
    /// Runs `callback` in its turn. May throw std::bad_alloc; nothing has changed then.
    void post_elsewhere(const char* name, Callback<void()>&& callback) {
        publish(*new BottomHalfNode(State::post, name, std::move(callback)));
        // The list has it, in the bits of a word, where the analyzer loses sight of it.
        // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks)
    }
    void notify() noexcept {
        WakeEvent::ForNotify event(event_);
        list_.notify(event);
    }

    // ---- Home thread, signal-safe ----

    /// As schedule_anew(), which is to be called if this says false.
    [[nodiscard]] bool list_at_home(BottomHalfNode& node) noexcept { return list_.list_at_home(node); }

    // ---- Home thread ----

    [[nodiscard]] sync::Wake& wake() noexcept { return list_.wake(); }

    /// Ends `ended`, and takes in what is published.
    void accept(sync::EventSeen seen, sync::Ended ended) noexcept {
        if (seen != sync::EventSeen::no || ended != sync::Ended::nothing || !list_.wake().is_quiet()) {
            take_in(seen, ended);
        }
    }

    /// Something is to be run before anybody may sleep.
    [[nodiscard]] bool has_work() const noexcept { return list_.has_work(); }
    [[nodiscard]] bool has_work_at_home() const noexcept { return list_.has_work_at_home(); }
    /// Nothing is published, and nobody is armed.
    [[nodiscard]] bool is_quiet() const noexcept { return list_.wake().is_quiet(); }
    /// Something is on a list but what this thread has listed for itself.
    [[nodiscard]] bool has_taken_in() const noexcept { return list_.has_taken_in(); }
    [[nodiscard]] bool is_published() const noexcept { return list_.wake().is_published(); }
    /// Any thread. Somebody sleeps, or is about to, and nothing is published.
    [[nodiscard]] bool is_armed() const noexcept { return !list_.wake().is_quiet() && !list_.wake().is_published(); }
    /// Somebody has asked for everything to be looked at again.
    [[nodiscard]] bool is_notified() const noexcept { return list_.wake().is_notified(); }
    /// When idle bottom halves must run at the latest; -1 if there are none.
    [[nodiscard]] std::int64_t idle_deadline() const noexcept { return list_.has_idle() ? idle_deadline_ : -1; }

    /// Runs what was taken in, including what an outer iteration has left. True on progress.
    bool run(Budget budget) noexcept { return !list_.empty() && run_round(budget); }

    /// The same, of a list that is not empty.
    bool run_round(Budget budget) noexcept;

    /// How many entries this thread has listed for itself; posts that follow each other are one.
    [[nodiscard]] List::Index listed_at_home() const noexcept { return list_.listed_at_home(); }
    /// A round of what is listed at home alone, when that is one entry, no callback is running, and none is timed:
    /// takes what is to be run next, or does nothing and says so.
    [[nodiscard]] bool take_only(BottomHalfNode*& node) noexcept { return list_.take_only(node); }
    /// Of what take_only() has taken. Returns true: that is progress.
    bool run_only(BottomHalfNode& node) noexcept;
    /// The same for a post.
    [[nodiscard]] bool take_only_post() noexcept { return posts_.has_only_one() && list_.take_only_post(); }
    bool run_only_post() noexcept;

    /// As post_elsewhere().
    void post_at_home(const char* name, Callback<void()>&& callback);
    /// The same, where that is least work. Else false.
    [[nodiscard]] bool post_quickly(const char* name, Callback<void()>& callback) noexcept {
        if (!posts_.has_room() || !list_.list_post_at_home()) {
            return false;
        }
        posts_.push(name, std::move(callback));
        return true;
    }

    /// Destroys a node whose handle is gone: now, or when its callback returns.
    void dispose(BottomHalfNode* node);

    /// The end of the context: takes every node off its list, running none, and frees those that no handle holds.
    /// Returns how many posts were lost.
    std::size_t drop_all() noexcept;

    [[nodiscard]] std::uint64_t run_count() const noexcept { return run_count_.get() + only_count_.get(); }
    [[nodiscard]] std::uint64_t published_count() const noexcept { return published_count_.get() + only_count_.get(); }

private:
    using State = sync::BottomHalfState<>;
    static constexpr List::Index first_room_size = 8;
    static constexpr List::Index most_room = 4096;

    void take_in(sync::EventSeen seen, sync::Ended ended) noexcept;
    bool run_at_home(CallbackStack::Frame& frame, const Budget& budget) noexcept;
    bool run_next(CallbackStack::Frame& frame, Budget budget) noexcept;
    bool run_one(CallbackStack::Frame& frame, BottomHalfNode& node, State::Flags flags) noexcept;
    void run_posts(CallbackStack::Frame& frame, Budget budget) noexcept;
    void call(CallbackStack::Frame& frame, BottomHalfNode& node) noexcept;
    void make_room() noexcept;

    // What the home thread lists for itself: a little at first, because most contexts need no more.
    std::array<List::Room, first_room_size> first_room_;
    List list_;

    // Written by the home thread.
    WakeEvent& event_;
    CallbackStack& stack_;
    std::int64_t idle_deadline_ = -1;
    /// In place of `first_room_`, or null. Here, because the list begins a cache line.
    std::unique_ptr<List::Room[]> room_;
    HomePosts posts_;
    sync::SingleWriterCounter<std::uint64_t> run_count_;
    sync::SingleWriterCounter<std::uint64_t> published_count_;
    /// Listed at home, and run alone in its round: in neither of the others.
    sync::SingleWriterCounter<std::uint64_t> only_count_;
};

}  // namespace nestling::loop
