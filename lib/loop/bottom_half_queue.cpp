// SPDX-License-Identifier: MIT
#include "loop/bottom_half_queue.hpp"

#include <new>
#include <utility>

#include "loop/node_pool.hpp"
#include "os/clock.hpp"

namespace nestling::loop {

namespace {
constexpr std::int64_t idle_latency = 10'000'000;

void free_node(BottomHalfNode& node) noexcept {
    if (node.is_pooled()) {
        NodePool<BottomHalfNode>::destroy(node);
    } else {
        delete &node;
    }
}
}  // namespace

void BottomHalfQueue::take_in(sync::EventSeen seen, sync::Ended ended) noexcept {
    const bool had_idle = list_.has_idle();
    if (const std::size_t count = list_.accept(event_, seen, ended); count != 0) {
        published_count_.add(count);
    }
    if (!had_idle && list_.has_idle()) {
        idle_deadline_ = os::monotonic_ns() + idle_latency;
    }
    if (list_.wants_room()) {
        make_room();
    }
}

void BottomHalfQueue::make_room() noexcept {
    const List::Index size = list_.room_size() * 4;
    if (size > most_room) {
        return;
    }
    // Without memory what finds the ring full is published, which only takes longer.
    if (std::unique_ptr<List::Room[]> room{new (std::nothrow) List::Room[size]}) {
        list_.move_ring_to(room.get(), size);
        room_ = std::move(room);
    }
}

void BottomHalfQueue::schedule_anew(BottomHalfNode& node) noexcept {
    list_.schedule_anew(node, event_);
}

void BottomHalfQueue::post_at_home(const char* name, Callback<void()>&& callback) {
    posts_.make_room();
    if (list_.list_post_at_home()) {
        posts_.push(name, std::move(callback));
    } else {
        post_elsewhere(name, std::move(callback));
    }
}

bool BottomHalfQueue::run_round(Budget budget) noexcept {
    if (const std::size_t count = list_.begin_round(); count != 0) {
        published_count_.add(count);
    }
    CallbackStack::Frame frame(stack_);
    // Most rounds are of these only.
    bool progress = run_at_home(frame, budget);
    while (!list_.is_round_over() && !(progress && budget.is_used_up())) {
        progress = run_next(frame, budget) || progress;
        progress = (!budget.is_over() && run_at_home(frame, budget)) || progress;
    }
    return progress;
}

/// Bottom halves that this thread has listed for itself, up to one that is anything else.
inline bool BottomHalfQueue::run_at_home(CallbackStack::Frame& frame, const Budget& budget) noexcept {
    BottomHalfNode* node = nullptr;
    if (budget.has_limit() || stack_.is_timed() || !list_.next_at_home(node)) {
        return false;
    }
    do {
        run_count_.add(1);
        // The callback may destroy its own handle, and the node goes when it returns.
        frame.call_next(*node);
    } while (!budget.is_over() && list_.next_at_home(node));
    frame.rest();
    return true;
}

bool BottomHalfQueue::run_only(BottomHalfNode& node) noexcept {
    only_count_.add(1);
    CallbackStack::Frame(stack_, &node, node.name).call_untimed(node.callback);
    return true;
}

bool BottomHalfQueue::run_only_post() noexcept {
    only_count_.add(1);
    HomePosts::Post post = posts_.take_only();
    stack_.call_without_frame(post.name, post.callback);
    return true;
}

bool BottomHalfQueue::run_next(CallbackStack::Frame& frame, Budget budget) noexcept {
    if (list_.take_post()) {
        run_posts(frame, budget);
        return true;
    }
    const List::Taken taken = list_.next();
    // The round is not over, so there is one; the analyzer cannot know that.
    return taken.link != nullptr && run_one(frame, *taken.link, taken.flags);
}

inline bool BottomHalfQueue::run_one(CallbackStack::Frame& frame, BottomHalfNode& node, State::Flags flags) noexcept {
    if (flags == State::scheduled) {
        call(frame, node);
        return true;
    }
    if ((flags & State::deleted) != 0) {
        dispose(&node);
        return false;
    }
    if ((flags & (State::post | State::request)) != 0) {
        run_count_.add(1);
        // No handle knows it: it is called, and known to doctors, by its name.
        frame.call(node.name, node.callback);
        free_node(node);
        return true;
    }
    if ((flags & (State::scheduled | State::idle)) != 0) {
        call(frame, node);
    }
    return (flags & State::scheduled) != 0;
}

inline void BottomHalfQueue::call(CallbackStack::Frame& frame, BottomHalfNode& node) noexcept {
    run_count_.add(1);
    // The callback may destroy its own handle, and the node goes when it returns.
    frame.call(&node, node.name, node.callback);
}

inline void BottomHalfQueue::run_posts(CallbackStack::Frame& frame, Budget budget) noexcept {
    HomePosts::Reader reader(posts_);
    do {
        HomePosts::Post& post = reader.next();
        run_count_.add(1);
        frame.call(post.name, post.callback);
        post.callback.reset();
    } while (!budget.is_used_up() && list_.take_another_post());
}

void BottomHalfQueue::dispose(BottomHalfNode* node) {
    stack_.when_done(node, [node] { free_node(*node); });
}

std::size_t BottomHalfQueue::drop_all() noexcept {
    std::size_t lost = 0;
    // Destroying a callback may publish more.
    for (;;) {
        accept(sync::EventSeen::no, sync::Ended::nothing);
        list_.begin_round();
        const List::Taken taken = list_.next();
        if (taken.link == nullptr) {
            if (taken.flags == 0) {
                return lost;
            }
            ++lost;
            HomePosts::Reader(posts_).next().callback.reset();
            continue;
        }
        if ((taken.flags & (State::post | State::request | State::deleted)) == 0) {
            continue;
        }
        lost += (taken.flags & State::post) != 0 ? 1 : 0;
        free_node(*taken.link);
    }
}

}  // namespace nestling::loop
