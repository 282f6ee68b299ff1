// SPDX-License-Identifier: MIT
//
// The shipped headers of the wake protocol, on real cores, with an event that is a flag in memory: a sleeper wakes
// within nanoseconds, so that the few instructions between announcing and sleeping are met as often as possible.
//
//   protocol-stress [--protocol=oneword|seed] [--wakes=N] [--producers=P]
//
// Built with NESTLING_STRESS_WITHOUT_FENCE it leaves out the loop's fence and must lose a wakeup on x86-64.

#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "arguments.hpp"
#include "sync/wake_oneword.hpp"
#include "sync/wake_seed.hpp"
#include "watchdog.hpp"

namespace nestling::stress {
namespace {

struct Policy : sync::StdAtomics {
#if defined(NESTLING_STRESS_WITHOUT_FENCE)
    static void fence(std::memory_order order) noexcept {
        if (order == std::memory_order_acquire) {
            return;
        }
        sync::StdAtomics::fence(order);
    }
#endif
};

struct SeedOrders : sync::SeedOrders {
#if defined(NESTLING_STRESS_WITHOUT_FENCE)
    // The name by which Policy::fence() leaves it out.
    static constexpr std::memory_order announce_fence = std::memory_order_acquire;
#endif
};

/// An event that is waited for in memory.
struct SpinEvent {
    std::atomic<bool> flag{false};

    void set() noexcept { flag.store(true, std::memory_order_release); }
    void drain() noexcept { flag.store(false, std::memory_order_relaxed); }
    void wait() const noexcept {
        for (unsigned spins = 0; !flag.load(std::memory_order_acquire);) {
            if (++spins % 1024 == 0) {
                std::this_thread::yield();
            }
        }
    }
};

void pause_for(std::uint64_t turns) noexcept {
    for (std::uint64_t turn = 0; turn < turns; ++turn) {
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }
}

/// Producers that wait for the loop's answer to each of their wakes. Half of the work is published by a plain store in
/// front of notify(), where the compare-exchange of a push does not stand in for a fence.
template <class Wake>
class Stress {
public:
    Stress(std::uint64_t wakes, unsigned producers) : wakes_(wakes), slots_(producers) {}

    void run() {
        Watchdog watchdog([this] { return served_.load(std::memory_order_relaxed); }, [this] { return state(); });
        std::vector<std::thread> threads;
        for (unsigned at = 0; at < slots_.size(); ++at) {
            threads.emplace_back([this, at] { produce(slots_[at], at); });
        }
        consume();
        for (std::thread& thread : threads) {
            thread.join();
        }
    }

    [[nodiscard]] std::uint64_t served() const noexcept { return served_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t sleeps() const noexcept { return sleeps_; }

private:
    struct alignas(64) Slot {
        sync::PendingNode<Policy> node;
        std::atomic<std::uint64_t> asked{0};
        alignas(64) std::atomic<std::uint64_t> answered{0};
    };

    void produce(Slot& slot, unsigned seed) {
        Dice dice(seed + 1);
        for (std::uint64_t round = 1; !over_.load(std::memory_order_relaxed); ++round) {
            pause_for(dice.below(200));
            slot.asked.store(round, std::memory_order_relaxed);
            if (dice.below(2) == 0) {
                wake_.publish(slot.node, event_);
            } else {
                wake_.notify(event_);
            }
            for (unsigned spins = 0; slot.answered.load(std::memory_order_acquire) != round;) {
                if (over_.load(std::memory_order_relaxed)) {
                    return;
                }
                if (++spins % 1024 == 0) {
                    std::this_thread::yield();
                }
            }
        }
    }

    bool look() noexcept {
        bool any = false;
        for (Slot& slot : slots_) {
            const std::uint64_t asked = slot.asked.load(std::memory_order_relaxed);
            if (asked != slot.answered.load(std::memory_order_relaxed)) {
                any = true;
                served_.fetch_add(1, std::memory_order_relaxed);
                slot.answered.store(asked, std::memory_order_release);
            }
        }
        return any;
    }

    void consume() {
        Dice dice(99);
        while (served() < wakes_) {
            pause_for(dice.below(200));
            sync::EventSeen seen = sync::EventSeen::no;
            sync::Ended ended = sync::Ended::nothing;
            // A request that is published by a plain store is looked for after the announcement, as an fd set is.
            if (wake_.announce(sync::Sleeper::native)) {
                ended = sync::Ended::native_wait;
                if (!has_requests()) {
                    ++sleeps_;
                    event_.wait();
                    seen = sync::EventSeen::yes;
                }
            }
            wake_.accept(event_, seen, ended);
            look();
        }
        over_.store(true, std::memory_order_relaxed);
    }

    [[nodiscard]] bool has_requests() const noexcept {
        for (const Slot& slot : slots_) {
            if (slot.asked.load(std::memory_order_relaxed) != slot.answered.load(std::memory_order_relaxed)) {
                return true;
            }
        }
        return false;
    }

    std::string state() const {
        std::string text = "the loop is ";
        text += wake_.is_armed(sync::Sleeper::native) ? "armed" : "not armed";
        text += wake_.is_published() ? ", work is published" : ", nothing is published";
        text += event_.flag.load() ? ", the event is set" : ", the event is not set";
        for (const Slot& slot : slots_) {
            text += "; a producer has asked " + std::to_string(slot.asked.load()) + " and got " +
                    std::to_string(slot.answered.load());
        }
        return text;
    }

    const std::uint64_t wakes_;
    Wake wake_;
    SpinEvent event_;
    std::vector<Slot> slots_;
    std::atomic<std::uint64_t> served_{0};
    std::atomic<bool> over_{false};
    std::uint64_t sleeps_ = 0;
};

template <class Wake>
int stress(std::uint64_t wakes, unsigned producers) {
    const auto stress = std::make_unique<Stress<Wake>>(wakes, producers);
    stress->run();
    std::printf("%s: %llu wakes served, %llu sleeps, %u producers, none lost\n", Wake::name,
                static_cast<unsigned long long>(stress->served()), static_cast<unsigned long long>(stress->sleeps()),
                producers);
    return 0;
}

int run(int count, char** values) {
    const std::uint64_t wakes = number(count, values, "wakes", 1'000'000);
    const auto producers = static_cast<unsigned>(number(count, values, "producers", 1));
    const std::string protocol = argument(count, values, "protocol", "oneword");
    if (protocol == "seed") {
        return stress<sync::WakeSeed<Policy, SeedOrders>>(wakes, producers);
    }
    if (protocol == "oneword") {
        return stress<sync::WakeOneword<Policy>>(wakes, producers);
    }
    std::fprintf(stderr, "protocol-stress: --protocol is oneword or seed, not %s\n", protocol.c_str());
    return 2;
}

}  // namespace
}  // namespace nestling::stress

int main(int count, char** values) {
    return nestling::stress::run(count, values);
}
