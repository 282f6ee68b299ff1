// SPDX-License-Identifier: MIT
#include "delivery/glib_delivery.hpp"

#include <nestling/timer.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

namespace demo {

namespace {

// A GPollFunc has no user data. Touched by the thread of the main loop only.
GPollFunc wrapped_poll = nullptr;
std::uint64_t sleeps_of_main_loop = 0;

/// Orders what one thread wrote before give() before what another reads after take(). GLib's own locks do that as well,
/// but they are futexes of its own, which ThreadSanitizer does not see.
class HandOver {
public:
    void give() noexcept { given_.store(true, std::memory_order_release); }
    void take() const noexcept { static_cast<void>(given_.load(std::memory_order_acquire)); }

private:
    std::atomic<bool> given_{false};
};

gint counting_poll(GPollFD* fds, guint count, gint timeout) {
    sleeps_of_main_loop += timeout != 0 ? 1 : 0;
    return wrapped_poll(fds, count, timeout);
}

}  // namespace

/// What the threads and the idle callbacks hold on to; those may come after the delivery has gone.
struct GlibDelivery::Shared {
    Shared(GlibDelivery& owner, Counter counter) : home(&owner), sent(std::move(counter)) {}

    GlibDelivery* home;  ///< home thread; null when nothing is to be delivered any more
    Receiver* receiver = nullptr;
    Counter sent;
    StopFlag stop{false};
    std::optional<Walker> walker;
    std::mutex mutex;
    std::condition_variable has_room;
    std::size_t batches_waiting = 0;  ///< with mutex

    struct Completion {
        std::shared_ptr<Shared> shared;
        std::variant<WalkBatch, HashResult> what;
        HandOver hand_over{};
    };

    struct Job {
        std::shared_ptr<Shared> shared;
        HashRequest request;
        HandOver hand_over{};
    };

    static void send(const std::shared_ptr<Shared>& shared, std::variant<WalkBatch, HashResult> what) {
        shared->sent->fetch_add(1);
        std::unique_ptr<Completion> completion(new Completion{shared, std::move(what)});
        const auto now = nestling::clock_now(nestling::Clock::monotonic);
        std::visit([now](auto& one) { one.ended = now; }, completion->what);
        completion->hand_over.give();
        g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, deliver, completion.release(),
                        [](gpointer data) { delete static_cast<Completion*>(data); });
    }

    static gboolean deliver(gpointer data) {
        auto& completion = *static_cast<Completion*>(data);
        completion.hand_over.take();
        completion.shared->receive(completion.what);
        return G_SOURCE_REMOVE;
    }

    void receive(std::variant<WalkBatch, HashResult>& what) {
        if (home == nullptr) {
            return;
        }
        std::visit([this](auto& one) { home->record(one.ended); }, what);
        if (auto* batch = std::get_if<WalkBatch>(&what)) {
            {
                const std::lock_guard lock(mutex);
                --batches_waiting;
            }
            has_room.notify_one();
            receiver->on_batch(std::move(*batch));
        } else {
            receiver->on_hashed(std::move(std::get<HashResult>(what)));
        }
    }

    static gpointer run_walk(gpointer data) {
        const std::unique_ptr<std::shared_ptr<Shared>> held(static_cast<std::shared_ptr<Shared>*>(data));
        Shared& shared = **held;
        for (bool last = false; !last;) {
            WalkBatch batch = shared.walker->next();
            last = batch.last;
            std::unique_lock lock(shared.mutex);
            shared.has_room.wait(lock, [&] { return shared.batches_waiting < batches_ahead || shared.stop.load(); });
            if (shared.stop.load()) {
                break;
            }
            ++shared.batches_waiting;
            lock.unlock();
            send(*held, std::move(batch));
        }
        return nullptr;
    }

    static void run_hash(gpointer data, gpointer) {
        const std::unique_ptr<Job> job(static_cast<Job*>(data));
        job->hand_over.take();
        send(job->shared, hash_file(job->request, job->shared->stop));
    }
};

GlibDelivery::GlibDelivery(std::size_t threads)
    : shared_(std::make_shared<Shared>(*this, sent_counter())),
      real_poll_(g_main_context_get_poll_func(nullptr)),
      sleeps_before_(sleeps_of_main_loop) {
    pool_ = g_thread_pool_new_full(
        Shared::run_hash, nullptr, [](gpointer data) { delete static_cast<Shared::Job*>(data); },
        static_cast<gint>(threads), FALSE, nullptr);
    wrapped_poll = real_poll_;
    g_main_context_set_poll_func(nullptr, counting_poll);
}

GlibDelivery::~GlibDelivery() {
    GlibDelivery::stop();
}

void GlibDelivery::walk(Walker walker, Receiver& receiver) {
    shared_->receiver = &receiver;
    shared_->walker = std::move(walker);
    walk_thread_ = g_thread_new("walk", Shared::run_walk, new std::shared_ptr<Shared>(shared_));
}

bool GlibDelivery::submit(const HashRequest& request) {
    if (g_thread_pool_unprocessed(pool_) >= files_ahead) {
        return false;
    }
    std::unique_ptr<Shared::Job> job(new Shared::Job{shared_, request});
    job->hand_over.give();
    g_thread_pool_push(pool_, job.release(), nullptr);
    return true;
}

void GlibDelivery::stop() {
    if (pool_ == nullptr) {
        return;
    }
    shared_->home = nullptr;
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->stop.store(true);
    }
    shared_->has_room.notify_all();
    if (walk_thread_ != nullptr) {
        g_thread_join(walk_thread_);
    }
    g_thread_pool_free(std::exchange(pool_, nullptr), TRUE, TRUE);
    sleeps_at_end_ = sleeps_of_main_loop;
    g_main_context_set_poll_func(nullptr, real_poll_);
}

Wakes GlibDelivery::wakes() const {
    // GLib writes its wake-up descriptor each time another thread attaches a source, which is what g_idle_add does.
    const std::uint64_t sleeps = pool_ != nullptr ? sleeps_of_main_loop : sleeps_at_end_;
    return {sent(), sleeps - sleeps_before_};
}

}  // namespace demo
