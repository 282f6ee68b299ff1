// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <new>
#include <thread>
#include <utility>

#include "planted/event.hpp"
#include "planted/planted.hpp"

namespace nestling::testing {

namespace {

/// What is planted, by the number of the case that is to find it.
enum Bug : unsigned {
    claims_in_each_prepare = 1,
    forgets_without_check = 2,
    breaks_without_prepare = 3,
    dispatch_blocks = 4,
    ready_for_this_time_only = 5,
    trusts_revents = 6,
    events_expire = 7,
    timeout_rounded_down = 8,
    spins_after_an_event = 9,
    goes_on_when_destroyed = 10,
    opens_in_prepare = 11,
    finalize_on_its_thread = 12,
    drops_while_dispatching = 13,
    bound_to_its_thread = 14,
    ignores_errors = 15,
    takes_eintr_for_an_event = 17,
    has_no_name = 19,
    attaches_itself = 20,
    trusts_its_context = 21,
    writes_each_post = 22,
    reads_in_prepare = 23,
};

struct Queue {
    GSource base;
    unsigned bug;
    int event;
    gpointer tag;
    std::atomic<int> pending;
    std::thread::id home;
    int process;
    gint64 deadline;
    gint64 posted_at;
    gint64 ready_at;
    int claimed;
    int unchecked;
    int opened;
    int depth;
    bool was_prepared;
    bool is_broken;
    bool had_event;
};

Queue& queue_of(GSource* source) {
    return *reinterpret_cast<Queue*>(source);
}

void close_opened(Queue& queue) {
    if (queue.opened >= 0) {
        close_event(queue.opened);
        queue.opened = -1;
    }
}

bool is_timer_due(Queue& queue) {
    return queue.deadline >= 0 && g_get_monotonic_time() >= queue.deadline;
}

gboolean prepare(GSource* source, gint* timeout) {
    Queue& queue = queue_of(source);
    *timeout = -1;
    if (own_process() != queue.process) {
        g_critical("a queue is used after fork()");
        return FALSE;
    }
    queue.was_prepared = true;
    if (queue.bug == bound_to_its_thread && std::this_thread::get_id() != queue.home) {
        queue.pending = 0;
    }
    if (queue.bug == reads_in_prepare) {
        clear_event(queue.event);
    }
    if (queue.bug == opens_in_prepare && queue.opened < 0) {
        queue.opened = duplicate_event(queue.event);
    }
    if (queue.bug == claims_in_each_prepare) {
        queue.claimed += queue.pending;
        return FALSE;
    }
    if (queue.bug == forgets_without_check && queue.unchecked > 3) {
        queue.pending = 0;
    }
    if (queue.bug == spins_after_an_event && queue.had_event) {
        *timeout = 0;
    }
    if (queue.bug == timeout_rounded_down && queue.deadline >= 0) {
        *timeout = static_cast<gint>(std::max<gint64>(queue.deadline - g_get_monotonic_time(), 0) / 1000);
    }
    const bool is_ready = queue.pending > 0 || is_timer_due(queue);
    queue.unchecked += is_ready ? 0 : 1;
    queue.ready_at = g_get_monotonic_time();
    return is_ready ? TRUE : FALSE;
}

gboolean check(GSource* source) {
    Queue& queue = queue_of(source);
    queue.unchecked = 0;
    close_opened(queue);
    if (queue.bug == takes_eintr_for_an_event && errno == EINTR) {
        errno = 0;
        ++queue.pending;
    }
    if (queue.bug == breaks_without_prepare && !queue.was_prepared) {
        queue.is_broken = true;
    }
    if (queue.tag == nullptr) {
        return FALSE;
    }
    const GIOCondition revents = seen_of(source, queue.tag);
    if ((revents & (G_IO_ERR | G_IO_HUP | G_IO_NVAL)) != 0 && queue.bug != ignores_errors) {
        unwatch_fd(source, queue.tag);
        queue.tag = nullptr;
        return FALSE;
    }
    if (queue.bug == claims_in_each_prepare) {
        return queue.claimed > 0 ? TRUE : FALSE;
    }
    queue.ready_at = g_get_monotonic_time();
    if (queue.bug == trusts_revents && (revents & G_IO_IN) != 0) {
        return TRUE;
    }
    return queue.pending > 0 || is_timer_due(queue) ? TRUE : FALSE;
}

/// How many posts this dispatch delivers.
int take_posts(Queue& queue) {
    if (queue.bug == claims_in_each_prepare) {
        queue.pending = queue.claimed == 0 ? queue.pending.load() : 0;
        return std::exchange(queue.claimed, 0);
    }
    const int posts = queue.pending.exchange(0);
    const gint64 now = g_get_monotonic_time();
    const bool is_late = (queue.bug == ready_for_this_time_only && now != queue.ready_at) ||
                         (queue.bug == events_expire && now - queue.posted_at > 5000);
    if (is_late || queue.is_broken) {
        return 0;
    }
    const bool seems_ready =
        queue.bug == trusts_revents && queue.tag != nullptr && (seen_of(&queue.base, queue.tag) & G_IO_IN) != 0;
    return posts == 0 && seems_ready ? 1 : posts;
}

/// How many events this dispatch delivers.
int take(Queue& queue) {
    const bool is_due = is_timer_due(queue);
    queue.deadline = is_due ? -1 : queue.deadline;
    return take_posts(queue) + (is_due ? 1 : 0);
}

gboolean dispatch(GSource* source, GSourceFunc callback, gpointer data) {
    Queue& queue = queue_of(source);
    close_opened(queue);
    if (queue.pending > 0) {
        clear_event(queue.event);
    }
    const int events = take(queue);
    if (events == 0 && queue.bug == dispatch_blocks) {
        g_usleep(100'000);
    }
    ++queue.depth;
    for (int event = 0; event != events; ++event) {
        if (g_source_is_destroyed(source) && queue.bug != goes_on_when_destroyed) {
            break;
        }
        queue.had_event = true;
        callback(data);
    }
    --queue.depth;
    return G_SOURCE_CONTINUE;
}

void finalize(GSource* source) {
    Queue& queue = queue_of(source);
    const bool leaks = (queue.bug == finalize_on_its_thread && std::this_thread::get_id() != queue.home) ||
                       (queue.bug == trusts_its_context && source->context == nullptr);
    if (!leaks) {
        close_event(queue.event);
    }
    free_tag(queue.tag);
}

GSourceFuncs functions{prepare, check, dispatch, finalize, nullptr, nullptr};

gboolean on_event(gpointer) {
    lab::delivered();
    return G_SOURCE_CONTINUE;
}

GSource* make(unsigned bug) {
    GSource* source = g_source_new(&functions, sizeof(Queue));
    Queue& queue = queue_of(source);
    queue.bug = bug;
    queue.event = make_event();
    new (&queue.pending) std::atomic<int>(0);
    queue.home = std::this_thread::get_id();
    queue.process = own_process();
    queue.deadline = -1;
    queue.opened = -1;
    queue.tag = watch_fd(source, queue.event);
    g_source_set_can_recurse(source, TRUE);
    g_source_set_callback(source, on_event, nullptr, nullptr);
    if (bug != has_no_name) {
        g_source_set_static_name(source, "queue");
    }
    if (bug == attaches_itself) {
        g_source_attach(source, g_main_context_get_thread_default());
    }
    return source;
}

void post(GSource* source) {
    Queue& queue = queue_of(source);
    if (queue.bug == drops_while_dispatching && queue.depth != 0) {
        return;
    }
    queue.posted_at = g_get_monotonic_time();
    if (queue.pending.fetch_add(1) == 0 || queue.bug == writes_each_post) {
        set_event(queue.event);
    }
}

void arm(GSource* source, std::chrono::nanoseconds time) {
    Queue& queue = queue_of(source);
    queue.deadline = g_get_monotonic_time() + (time.count() + 999) / 1000;
    if (queue.bug != timeout_rounded_down) {
        g_source_set_ready_time(source, queue.deadline);
    }
}

}  // namespace

lab::Subject planted_queue(unsigned broken) {
    lab::Subject subject;
    subject.name = "queue";
    subject.make = [broken] { return make(broken); };
    subject.stimulate = post;
    subject.traits = lab::Traits::posts;
    subject.arm = arm;
    return subject;
}

}  // namespace nestling::testing
