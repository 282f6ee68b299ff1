// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "sync/bottom_half_state.hpp"
#include "sync/home_ring.hpp"
#include "sync/pending_list.hpp"
#include "sync/sleeper.hpp"

namespace nestling::sync {

/// What the list knows of a bottom half.
template <class Atomics = StdAtomics, class Orders = BottomHalfOrders>
struct BottomHalfLink : PendingNode<Atomics> {
    using State = BottomHalfState<Atomics, Orders>;
    BottomHalfLink() noexcept = default;
    explicit BottomHalfLink(typename State::Flags mark) noexcept : state(mark) {}
    // What it leaves unused is for who derives from this.
    [[no_unique_address]] State state;
};

/// The bottom halves that are scheduled: those that producers have published, in the wake protocol's word; those that
/// the home thread has listed for itself, in a ring; and those that it has taken in and not yet run.
///
/// The ring takes more only while nothing is published, nobody is armed, and nothing that was taken in is younger:
/// so what is in the ring is older than what is published, and younger than the batch in front of it. The order of all
/// is that of scheduling, as far as the threads concerned can tell one.
///
/// What is taken is a member and no local of an iteration: a nested iteration runs what its outer one has left, and
/// nobody sleeps while something is there, whatever its flags say. Idle ones wait aside, because the loop may sleep for
/// a while before they run.
template <class Wake, class Link>
class BottomHalfList {
public:
    using State = decltype(Link::state);
    using Flags = typename State::Flags;
    using Node = typename Wake::Node;
    using Queue = TakenQueue<typename Wake::Policy>;
    using Ring = HomeRing<typename Wake::Policy>;
    using Room = typename Ring::Room;
    using Index = typename Ring::Index;

    /// What next() has taken: a link, and what is to be done with it. `scheduled` or `idle`: run it; `deleted`: destroy
    /// it; neither: it was cancelled, or has run. Posts and requests have their mark besides. `post` without a link:
    /// the oldest of those that list_post_at_home() has listed.
    struct Taken {
        Link* link = nullptr;
        Flags flags = 0;
    };

    /// Without a ring: everything is published.
    BottomHalfList() noexcept = default;
    /// With a ring in `room`, whose `size` is a power of two.
    BottomHalfList(Room* room, Index size) noexcept : ring_(room, size) {}

    // ---- Any thread, lock-free, signal-safe ----

    /// What a change of the link's state has left to do.
    template <class Event>
    void carry_out(ScheduleStep step, Link& link, Event& event) noexcept {
        if (step == ScheduleStep::publish) {
            wake_.publish(link, event);
        } else if (step == ScheduleStep::notify) {
            wake_.notify(event);
        }
    }

    template <class Event>
    void schedule(Link& link, Event& event) noexcept {
        if (!link.state.is_scheduled_already()) {
            schedule_anew(link, event);
        }
    }
    /// As schedule(), for who has asked that already.
    template <class Event>
    void schedule_anew(Link& link, Event& event) noexcept {
        wake_.expect_publish();
        carry_out(link.state.schedule(), link, event);
    }

    /// Of a link that is born pending, once.
    template <class Event>
    void publish(Link& link, Event& event) noexcept {
        wake_.publish(link, event);
    }

    template <class Event>
    void schedule_idle(Link& link, Event& event) noexcept {
        carry_out(link.state.schedule_idle(), link, event);
    }

    /// The home thread finds the link in some next iteration, and next() says so.
    template <class Event>
    void mark_deleted(Link& link, Event& event) noexcept {
        carry_out(link.state.mark_deleted(), link, event);
    }

    template <class Event>
    void notify(Event& event) noexcept {
        wake_.notify(event);
    }

    // ---- Home thread, signal-safe ----

    /// As schedule(); without a locked instruction while no other thread is concerned.
    template <class Event>
    void schedule_at_home(Link& link, Event& event) noexcept {
        if (!list_at_home(link)) {
            schedule_anew(link, event);
        }
    }

    /// The same, for who publishes it by other means if this says false.
    [[nodiscard]] bool list_at_home(Link& link) noexcept {
        if (!ring_.enter()) {
            return false;
        }
        bool done = false;
        if (link.state.is_off_all_lists()) {
            done = takes(reinterpret_cast<Entry>(&link)) != nullptr;
            if (done) {
                link.state.list_at_home();
            }
        } else {
            done = link.state.schedule_listed();
        }
        ring_.leave();
        return done;
    }

    // ---- Home thread ----

    /// Lists a post that its owner keeps, in order: next() says `post` without a link when its turn has come. False if
    /// the ring does not take it.
    bool list_post_at_home() noexcept {
        if (join_posts()) {
            return true;
        }
        if (!ring_.enter()) {
            return false;
        }
        Room* const place = takes(one_post);
        if (place != nullptr) {
            posts_ = place;
            posts_end_ = ring_.end();
        }
        ring_.leave();
        return place != nullptr;
    }
    /// The same, where that is least work: behind another post. Else false.
    [[nodiscard]] bool join_posts() noexcept {
        if (ring_.end() != posts_end_ || !wake_.is_quiet()) {
            return false;
        }
        // A handler may list behind it meanwhile, which changes nothing here.
        posts_->store(posts_->load() + another_post);
        ++joined_posts_;
        return true;
    }

    [[nodiscard]] Wake& wake() noexcept { return wake_; }
    [[nodiscard]] const Wake& wake() const noexcept { return wake_; }

    /// Ends `ended` and takes in what is published. Returns how many.
    template <class Event>
    std::size_t accept(Event& event, EventSeen seen, Ended ended) noexcept {
        if (seen == EventSeen::no && ended == Ended::nothing && wake_.is_quiet()) {
            return 0;
        }
        // Closed, so that a signal handler lists nothing in front of what is being taken in.
        ring_.enter();
        std::size_t count = 0;
        if (Node* newest = wake_.accept_newest_first(event, seen, ended)) {
            count = take_in(newest);
        }
        if (after_ring_.empty()) {
            ring_.leave();
        }
        return count;
    }

    /// Something must run before anybody may sleep. O(idle ones).
    [[nodiscard]] bool has_work() const noexcept {
        if (!batch_.empty() || has_work_at_home() || !after_ring_.empty()) {
            return true;
        }
        // One that was scheduled in earnest after it was set aside must not wait for the time of the idle ones. Whoever
        // did that notified afterwards, so that the accept() before this has made it visible (contracts F5.12).
        for (Node* node = idle_.first(); node != nullptr; node = node->next.load()) {
            if ((link_of(node).state.look() & State::scheduled) != 0) {
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] bool has_work_at_home() const noexcept { return !ring_.empty(); }
    [[nodiscard]] bool has_taken_in() const noexcept {
        return !batch_.empty() || !after_ring_.empty() || !idle_.empty();
    }
    [[nodiscard]] bool has_idle() const noexcept { return !idle_.empty(); }

    [[nodiscard]] Index listed_at_home() const noexcept { return ring_.end() - ring_.first(); }

    /// True if next() would find nothing after begin_round().
    [[nodiscard]] bool empty() const noexcept { return ring_.empty() && !has_taken_in(); }

    /// Idle ones run in any iteration that runs; what is listed from now on, in the next. Returns how many were listed
    /// at home since the last round.
    std::size_t begin_round() noexcept {
        batch_.prepend(idle_);
        const Index end = ring_.end();
        posts_end_ = end - 1;
        return end - std::exchange(round_end_, end) + std::exchange(joined_posts_, std::size_t{0});
    }

    /// True if next() finds nothing.
    [[nodiscard]] bool is_round_over() const noexcept {
        return ring_.is_at(round_end_) && batch_.empty() && after_ring_.empty();
    }

    /// The next one, off the list and dequeued; neither link nor flags when the round is over.
    Taken next() noexcept {
        if (Node* node = batch_.pop()) {
            return dequeued(link_of(node));
        }
        if (const Index first = ring_.first(); first != round_end_) {
            const Entry entry = ring_.at(first).load();
            if (is_posts(entry)) {
                begin_posts(first, entry);
                take_another_post();
                return {nullptr, State::post};
            }
            ring_.drop(first);
            return {&link_in(entry), dequeued_at_home(link_in(entry))};
        }
        if (Node* node = after_ring_.pop()) {
            if (after_ring_.empty()) {
                ring_.leave();
            }
            return dequeued(link_of(node));
        }
        return {};
    }

    /// As next(), if what comes next is most frequent: one that was listed at home, and is to run. Else false.
    bool next_at_home(Link*& link) noexcept {
        const Index first = ring_.first();
        if (first == round_end_ || !batch_.empty()) {
            return false;
        }
        const Entry entry = ring_.at(first).load();
        if (is_posts(entry) || !link_in(entry).state.is_only_to_run()) {
            return false;
        }
        ring_.drop(first);
        link = &link_in(entry);
        link->state.leave_home_list_to_run();
        return true;
    }

    /// As next(), if what comes next is a post that its owner keeps. Else false.
    bool take_post() noexcept {
        const Index first = ring_.first();
        if (first == round_end_ || !batch_.empty()) {
            return false;
        }
        const Entry entry = ring_.at(first).load();
        if (!is_posts(entry)) {
            return false;
        }
        begin_posts(first, entry);
        return take_another_post();
    }
    /// The same, after take_post(), whatever was taken since.
    bool take_another_post() noexcept {
        if (posts_left_ == 0) {
            return false;
        }
        if (--posts_left_ == 0) {
            ring_.drop(ring_.first());
        }
        return true;
    }

    /// As begin_round() and next(), when nothing was taken in, no round is unfinished, and one entry is listed at home:
    /// if that is to run, and nothing else. Else false, and nothing has changed.
    bool take_only(Link*& link) noexcept {
        const Index first = ring_.first();
        const Entry entry = ring_.at(first).load();
        if (is_posts(entry) || !link_in(entry).state.is_only_to_run()) {
            return false;
        }
        drop_only(first);
        link = &link_in(entry);
        link->state.leave_home_list_to_run();
        return true;
    }
    /// The same, if it is one post that its owner keeps. Else false.
    bool take_only_post() noexcept {
        const Index first = ring_.first();
        if (ring_.at(first).load() != one_post) {
            return false;
        }
        drop_only(first);
        return true;
    }

    /// The ring was too small for what was scheduled since it was made or enlarged.
    [[nodiscard]] bool wants_room() const noexcept { return was_full_; }
    [[nodiscard]] Index room_size() const noexcept { return ring_.size(); }
    /// Goes on in `room`, which is larger; the old one is free afterwards.
    void move_ring_to(Room* room, Index size) noexcept {
        const bool entered = ring_.enter();
        end_posts();
        ring_.move_to(room, size);
        if (entered) {
            ring_.leave();
        }
        was_full_ = false;
    }

private:
    using Entry = typename Ring::Entry;
    // An entry is the address of a link, or, odd, how many posts come one after the other.
    static constexpr Entry begun_posts = 1;
    static constexpr Entry one_post = 3;
    static constexpr Entry another_post = 2;
    static bool is_posts(Entry entry) noexcept { return (entry & 1) != 0; }

    static Link& link_of(Node* node) noexcept { return *static_cast<Link*>(node); }

    /// The ring is entered: nothing that was taken in is younger than it. Where `entry` is in it now, or null.
    [[nodiscard]] Room* takes(Entry entry) noexcept {
        if (!wake_.is_quiet()) {
            return nullptr;
        }
        Room* const place = ring_.push(entry);
        if (place == nullptr) {
            was_full_ = true;
        }
        return place;
    }

    /// What is posted from now on joins no other post. The end of the ring is never in front of that of the round.
    void end_posts() noexcept { posts_end_ = round_end_ - 1; }

    /// Of the oldest entry, which is of posts: here they are counted with less work. It stays until the last is taken.
    void begin_posts(Index first, Entry entry) noexcept {
        if (entry != begun_posts) {
            posts_left_ = static_cast<std::size_t>(entry / another_post);
            ring_.at(first).store(begun_posts);
        }
    }

    void drop_only(Index first) noexcept {
        posts_end_ = first;
        round_end_ = first + 1;
        ring_.drop(first);
    }

    static Taken dequeued(Link& link) noexcept {
        Flags flags = link.state.look();
        if ((flags & (State::post | State::request)) == 0) {
            flags = link.state.dequeue();
            // An idle one may come before its place on the home list: then it runs here for both.
            if (link.state.is_listed_at_home()) {
                flags |= link.state.take_schedule_at_home();
            }
        }
        return {&link, flags};
    }

    static Link& link_in(Entry entry) noexcept {
        // The ring knows numbers only.
        return *reinterpret_cast<Link*>(entry);  // NOLINT(performance-no-int-to-ptr)
    }

    Flags dequeued_at_home(Link& link) noexcept {
        if (link.state.is_only_to_run()) {
            link.state.leave_home_list_to_run();
            return State::scheduled;
        }
        const bool entered = ring_.enter();
        const Flags left_to_do = link.state.leave_home_list();
        if (entered) {
            ring_.leave();
        }
        return left_to_do;
    }

    std::size_t take_in(Node* newest) noexcept {
        Queue due;
        Queue idle;
        std::size_t count = 0;
        for (Node* node = newest; node != nullptr;) {
            Node* const earlier = node->next.load();
            const Flags flags = link_of(node).state.look();
            // Due also when it was cancelled: whoever schedules it again while it is on a list wakes nobody.
            const bool is_idle = (flags & (State::idle | State::scheduled | State::deleted)) == State::idle;
            (is_idle ? idle : due).push_front(node);
            ++count;
            node = earlier;
        }
        if (ring_.empty() && after_ring_.empty()) {
            batch_.append(due);
        } else {
            end_posts();
            after_ring_.append(due);
        }
        idle_.append(idle);
        return count;
    }

    // Written by producers.
    alignas(64) Wake wake_;

    // Written by the home thread.
    alignas(64) Queue batch_;
    Queue after_ring_;
    Queue idle_;
    Ring ring_;
    Index round_end_ = 0;
    /// Where the newest entry stands if it is of posts that another may join, and what follows its place. Else that is
    /// not the end of the ring.
    Room* posts_ = nullptr;
    Index posts_end_ = ~Index{0};
    /// Since the last round.
    std::size_t joined_posts_ = 0;
    /// Of the oldest entry, if posts are begun.
    std::size_t posts_left_ = 0;
    bool was_full_ = false;
};

}  // namespace nestling::sync
