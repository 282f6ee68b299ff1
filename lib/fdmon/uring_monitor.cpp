// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <utility>

#include "fdmon/choose.hpp"
#include "fdmon/timeout.hpp"
#include "fdmon/uring_slots.hpp"
#include "os/thread_id.hpp"

namespace nestling::fdmon {

namespace {

static_assert(POLLIN == event_in && POLLOUT == event_out && POLLERR == event_error && POLLHUP == event_hang_up &&
              POLLNVAL == event_closed);

constexpr unsigned ring_entries = 128;
/// Of requests whose completion nobody waits for. No descriptor has such a number.
constexpr std::uint64_t nobody = ~std::uint64_t{0};
/// How long a kernel without memory is left alone.
constexpr std::int64_t pause = 1'000'000;

std::error_code generic(int error) noexcept {
    return {error, std::generic_category()};
}

bool is_open(int fd) noexcept {
    return ::fcntl(fd, F_GETFD) >= 0 || errno != EBADF;
}

/// O(ready) per wait, in one system call: what was reported is asked for again by the call that waits. A request looks
/// at its descriptor once and is gone, so readiness that nobody deals with is found again: by level, not by edge
/// (contracts B-67).
///
/// A request is the home thread's, so changes made by other threads wait for it.
class UringMonitor final : public FdMonitor {
public:
    explicit UringMonitor(std::unique_ptr<os::Ring> ring) noexcept
        : ring_(std::move(ring)), handle_{ring_->fd(), POLLIN, 0} {}
    /// In a child after fork() too: the parent asks again for what has been cancelled.
    ~UringMonitor() override { ring_->cancel_all(); }
    UringMonitor(const UringMonitor&) = delete;
    UringMonitor& operator=(const UringMonitor&) = delete;

    [[nodiscard]] MonitorKind kind() const noexcept override { return MonitorKind::io_uring; }
    [[nodiscard]] bool set_is_live() const noexcept override { return false; }
    [[nodiscard]] bool has_edges() const noexcept override { return true; }
    [[nodiscard]] bool always_ready() const noexcept override {
        // RELAXED the home thread's, and a hint for others.
        return is_refused_.load(std::memory_order_relaxed);
    }

    std::error_code add(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        slots_.want(registration);
        tell_changes();
        return {};
    }

    std::error_code modify(const Registration& registration) override { return add(registration); }

    std::error_code remove(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        const std::error_code error = let_go(slots_.drop(registration.key), registration.fd());
        tell_changes();
        return !error && slots_.is_another(registration.key) ? generic(ENOENT) : error;
    }

    /// Asks by cancelling, which is the one way to learn what file a request holds. The completion makes the home
    /// thread ask for the descriptor again.
    std::error_code probe(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        const std::uint64_t request = slots_.request_of(registration.key);
        // One that the kernel has not begun yet is not found, and may be the next moment: that tells nothing.
        if (request == UringSlots::none || !ring_->can_match_fd() || !ring_->has_begun(asked_until_)) {
            return is_open(registration.fd()) ? std::error_code() : generic(EBADF);
        }
        const int result = ring_->cancel_now(request, registration.fd());
        if (result == ENOENT && ring_->cancel_now(request) == 0) {
            slots_.mark_another(registration.key);
            return generic(ENOENT);
        }
        return result == EBADF ? generic(EBADF) : std::error_code();
    }

    std::error_code rebuild(std::span<const Registration> all) override {
        const std::lock_guard lock(mutex_);
        slots_.for_each([this](UringSlots::Slot& slot) {
            slot.events = event_none;
            put_astray(slot);
        });
        for (const Registration& registration : all) {
            slots_.want(registration);
        }
        tell_changes();
        return {};
    }

    void wait(std::int64_t timeout, std::vector<Ready>& ready) override {
        come_home();
        if (timeout == 0 && !has_changes() && !ring_->needs_enter() && !ring_->has_completions()) {
            return;
        }
        // RELAXED as always_ready().
        const bool was_refused = is_refused_.exchange(false, std::memory_order_relaxed);
        ++this_wait_;
        ask(&ready);
        const bool may_sleep = ready.empty() && !was_refused && !always_ready();
        if (may_sleep || ring_->needs_enter()) {
            note(ring_->submit_and_wait(may_sleep ? timeout : 0));
        }
        collect(ready);
        if (was_refused && always_ready() && ready.empty()) {
            const timespec spec = to_timespec(pause);
            ::nanosleep(&spec, nullptr);
        }
    }

    [[nodiscard]] std::span<PollHandle> polls() noexcept override { return {&handle_, 1}; }
    [[nodiscard]] std::uint64_t polls_version() const noexcept override { return 1; }
    void refresh_polls() override { static_cast<void>(polls_are_current()); }

    /// What is asked for now ends an outer loop's wait that has not begun, so they are made so.
    [[nodiscard]] bool polls_are_current() noexcept override {
        come_home();
        if (has_changes() || ring_->needs_enter() || ring_->has_completions()) {
            // RELAXED as always_ready().
            is_refused_.store(false, std::memory_order_relaxed);
            ask(nullptr);
            note(ring_->submit());
        }
        return !always_ready();
    }

private:
    // ---- Any thread, under the mutex ----

    /// The kernel holds the file of a request, and with it the other end of a connection. So this does not wait for the
    /// home thread. Returns how the descriptor was found: closed (EBADF), or another one's (ENOENT).
    std::error_code let_go(std::uint64_t request, int fd) noexcept {
        if (request == UringSlots::none) {
            return is_open(fd) ? std::error_code() : generic(EBADF);
        }
        const bool had_begun = ring_->has_begun(asked_until_);
        const int result = ring_->cancel_now(request, fd);
        const bool is_gone = result == 0 || ring_->cancel_now(request) == 0;
        if (!is_gone && (result == ENOSYS || !is_home() || ring_->unsubmitted() != 0)) {
            // It has completed, or the home thread is about to submit it.
            slots_.add_stray(request);
        }
        if (result == EBADF || !is_open(fd)) {
            return generic(EBADF);
        }
        return result != 0 && is_gone && had_begun ? generic(ENOENT) : std::error_code();
    }

    void put_astray(UringSlots::Slot& slot) noexcept {
        if (const std::uint64_t request = slot.forget_request(); request != UringSlots::none) {
            slots_.add_stray(request);
        }
    }

    void tell_changes() noexcept {
        // RELAXED who changes the set on another thread notifies, and then the home thread looks.
        has_changes_.store(slots_.has_changes(), std::memory_order_relaxed);
    }
    [[nodiscard]] bool has_changes() const noexcept {
        // RELAXED as tell_changes().
        return has_changes_.load(std::memory_order_relaxed);
    }

    [[nodiscard]] bool is_home() const noexcept {
        // RELAXED a thread finds its own number there only if it has put it there.
        return home_.load(std::memory_order_relaxed) == os::this_thread_id();
    }

    // ---- Home thread ----

    /// Requests of another thread make progress when that one enters the kernel, and end with it.
    void come_home() noexcept {
        if (is_home()) {
            return;
        }
        // RELAXED as is_home(); the hand-over itself is ordered by whoever does it.
        const bool is_first = home_.exchange(os::this_thread_id(), std::memory_order_relaxed) == 0;
        note(ring_->enable());
        if (!is_first) {
            ask_for_all_again();
        }
    }

    void ask_for_all_again() noexcept {
        const std::lock_guard lock(mutex_);
        slots_.for_each([this](UringSlots::Slot& slot) {
            put_astray(slot);
            if (slot.events != event_none) {
                slots_.list(slot);
            }
        });
        tell_changes();
    }

    /// What the kernel says of a call: whether something waits for a better moment.
    void note(int error) noexcept {
        if (error == EBADR) {
            ask_for_all_again();
        }
        if (error != 0) {
            have_patience();
        }
    }

    void have_patience() noexcept {
        // RELAXED as always_ready().
        is_refused_.store(true, std::memory_order_relaxed);
    }

    /// Queues what is to be asked for. Completions that are there already may be old news, because callbacks have run
    /// since: they are not believed, and asked for again. Not so those of edges, which go to `ready`; without it they
    /// stay, and keep the ring's descriptor readable.
    void ask(std::vector<Ready>* ready) {
        take_old(ready);
        if (std::exchange(has_removals_, false)) {
            // On its own: what becomes of it would end the wait, or show in the ring's descriptor.
            note(ring_->submit());
            drop_stale();
        }
    }

    void take_old(std::vector<Ready>* ready) {
        const std::lock_guard lock(mutex_);
        for (os::Ring::Completion completion{}; ring_->peek(completion); ring_->take({&completion, 1})) {
            UringSlots::Slot* slot = slots_.find(completion.user_data);
            if (slot == nullptr) {
                continue;
            }
            if (slot->asked_trigger == Trigger::edge && completion.result > 0) {
                if (ready == nullptr) {
                    break;
                }
                report(*slot, completion, *ready);
            }
            finish(*slot, completion);
        }
        queue_requests();
        asked_until_ = ring_->handed_out();
        tell_changes();
    }

    void drop_stale() noexcept {
        const std::lock_guard lock(mutex_);
        os::Ring::Completion completion{};
        while (ring_->peek(completion) && slots_.find(completion.user_data) == nullptr) {
            ring_->take({&completion, 1});
        }
    }

    void queue_requests() noexcept {
        while (slots_.has_strays() && make_space()) {
            remove_poll(slots_.take_stray());
        }
        while (slots_.has_listed() && !slots_.has_strays() && make_space()) {
            UringSlots::Slot& slot = slots_.take_listed();
            if (slot.is_asked_right()) {
                continue;
            }
            if (slot.is_asked()) {
                remove_poll(slot.forget_request());
            }
            if (slot.events != event_none) {
                add_poll(slot);
            }
        }
    }

    /// For the two requests that one slot may need.
    bool make_space() noexcept {
        if (ring_->space_left() >= 2) {
            return true;
        }
        note(ring_->submit());
        return ring_->space_left() >= 2;
    }

    void remove_poll(std::uint64_t request) noexcept {
        ::io_uring_prep_poll_remove(ring_->next(nobody), request);
        has_removals_ = true;
    }

    void add_poll(UringSlots::Slot& slot) noexcept {
        io_uring_sqe* request = ring_->next(slot.name_request());
        if (slot.trigger == Trigger::edge) {
            ::io_uring_prep_poll_multishot(request, static_cast<int>(slot.key.fd), slot.events);
        } else {
            ::io_uring_prep_poll_add(request, static_cast<int>(slot.key.fd), slot.events);
        }
    }

    /// What has completed by now; all of it, also what there was no room for at first.
    void collect(std::vector<Ready>& ready) {
        // Not for as long as the kernel has something: that may be a former home thread's, which is busy elsewhere.
        while (take_all(ready) && ring_->unsubmitted() == 0 && ring_->needs_enter()) {
            if (const int error = ring_->submit(); error != 0) {
                note(error);
                return;
            }
        }
    }

    /// True if there was something.
    bool take_all(std::vector<Ready>& ready) {
        const std::lock_guard lock(mutex_);
        std::array<os::Ring::Completion, 64> some;
        const bool any = ring_->has_completions();
        while (ring_->has_completions()) {
            // First: when memory has run out, nothing has been taken.
            if (ready.capacity() - ready.size() < some.size()) {
                ready.reserve(2 * ready.size() + some.size());
            }
            for (const os::Ring::Completion& completion : std::span(some).first(ring_->take(some))) {
                if (UringSlots::Slot* slot = slots_.find(completion.user_data)) {
                    report(*slot, completion, ready);
                    finish(*slot, completion);
                }
            }
        }
        tell_changes();
        return any;
    }

    void report(UringSlots::Slot& slot, const os::Ring::Completion& completion, std::vector<Ready>& ready) {
        std::uint32_t events = event_none;
        if (completion.result > 0) {
            events = static_cast<std::uint32_t>(completion.result) & (slot.events | event_error | event_hang_up);
        } else if (completion.result == -EBADF) {
            events = event_closed;
        }
        // Another thread may have muted it since.
        if (events != event_none && slot.events != event_none &&
            std::exchange(slot.reported_in, this_wait_) != this_wait_) {
            ready.push_back({slot.key, events});
        }
    }

    void finish(UringSlots::Slot& slot, const os::Ring::Completion& completion) noexcept {
        if ((completion.flags & IORING_CQE_F_MORE) != 0) {
            return;
        }
        slot.forget_request();
        if (slot.events != event_none) {
            slots_.list(slot);
        }
        if (completion.result < 0 && completion.result != -EBADF && completion.result != -ECANCELED) {
            // No memory, most likely. That may change.
            have_patience();
        }
    }

    const std::unique_ptr<os::Ring> ring_;
    PollHandle handle_;

    std::mutex mutex_;
    UringSlots slots_;
    /// How many requests there were when slots were last asked for.
    unsigned asked_until_ = 0;
    std::atomic<bool> has_changes_{false};
    /// The kernel has refused something that must be asked for again: nobody may sleep for long.
    std::atomic<bool> is_refused_{false};

    /// The thread that has submitted the requests.
    std::atomic<std::uintptr_t> home_{0};

    // Home thread.
    std::uint32_t this_wait_ = 0;
    bool has_removals_ = false;
};

}  // namespace

std::unique_ptr<FdMonitor> make_uring_monitor(os::Ring::Refusal& refusal) {
    std::unique_ptr<os::Ring> ring = os::Ring::create(ring_entries, refusal);
    return ring == nullptr ? nullptr : std::make_unique<UringMonitor>(std::move(ring));
}

}  // namespace nestling::fdmon
