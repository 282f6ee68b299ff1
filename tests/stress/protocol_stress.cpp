// SPDX-License-Identifier: MIT
//
// The shipped headers of the wake protocol, on real cores, with an event that is a flag in memory: a sleeper wakes
// within nanoseconds, so that the few instructions between announcing and sleeping are met as often as possible.
//
//   protocol-stress [--protocol=oneword|seed] [--wakes=N] [--producers=P]
//
// Built with NESTLING_STRESS_WITHOUT_FENCE it leaves out the fence of announce() in the seed form, and succeeds only if
// that loses a wakeup: on x86-64 it does.

#include <array>
#include <chrono>
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

/// Producers that wait for the loop's answer to each of their requests. Half of the requests are published by a plain
/// store in front of notify(), where the compare-exchange of a push does not stand in for a fence.
template <class Wake>
class Stress {
public:
    Stress(std::uint64_t wakes, unsigned producers) : wakes_(wakes), slots_(producers) {}

    void run(Watchdog::OnLoss on_loss, std::chrono::seconds patience) {
        Watchdog watchdog([this] { return served(); }, [this] { return state(); }, on_loss, patience);
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
    struct alignas(64) Slot : sync::PendingNode<Policy> {
        /// What a pushed request asks for: carried by the push alone.
        std::uint64_t pushed = 0;
        /// What a request beside the list asks for.
        std::atomic<std::uint64_t> asked{0};
        alignas(64) std::atomic<std::uint64_t> answered{0};
    };

    void produce(Slot& slot, unsigned seed) {
        Dice dice(seed + 1);
        for (std::uint64_t round = 1; !over_.load(std::memory_order_relaxed); ++round) {
            pause_for(dice.below(200));
            own_ballast();
            if (dice.below(2) == 0) {
                slot.pushed = round;
                wake_.publish(slot, event_);
            } else {
                slot.asked.store(round, std::memory_order_relaxed);
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

    /// Both sides write to these lines just before they publish or announce. A store to a line that another core owns
    /// takes long to leave the store buffer, and the stores behind it wait: the reordering that the fences are there
    /// for becomes the rule.
    void own_ballast() noexcept {
        for (Ballast& each : ballast_) {
            each.value.store(1, std::memory_order_relaxed);
        }
    }

    void answer(Slot& slot, std::uint64_t round) noexcept {
        served_.store(served() + 1, std::memory_order_relaxed);
        slot.answered.store(round, std::memory_order_release);
    }

    void look() noexcept {
        for (Slot& slot : slots_) {
            if (const std::uint64_t round = request_of(slot); round != 0) {
                answer(slot, round);
            }
        }
    }

    /// The request beside the list that waits for an answer, or 0.
    [[nodiscard]] static std::uint64_t request_of(const Slot& slot) noexcept {
        const std::uint64_t asked = slot.asked.load(std::memory_order_relaxed);
        return asked > slot.answered.load(std::memory_order_relaxed) ? asked : 0;
    }

    void consume() {
        Dice dice(99);
        while (served() < wakes_) {
            pause_for(dice.below(200));
            own_ballast();
            sync::EventSeen seen = sync::EventSeen::no;
            sync::Ended ended = sync::Ended::nothing;
            // A request beside the list is looked for after the announcement, as an fd set is.
            if (wake_.announce(sync::Sleeper::native)) {
                ended = sync::Ended::native_wait;
                if (!has_requests()) {
                    ++sleeps_;
                    event_.wait();
                    seen = sync::EventSeen::yes;
                }
            }
            for (auto* node = wake_.accept(event_, seen, ended); node != nullptr;) {
                Slot& slot = *static_cast<Slot*>(node);
                // Before the answer: the producer may publish it again then.
                node = node->next.load();
                answer(slot, slot.pushed);
            }
            look();
        }
        over_.store(true, std::memory_order_relaxed);
    }

    [[nodiscard]] bool has_requests() const noexcept {
        for (const Slot& slot : slots_) {
            if (request_of(slot) != 0) {
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
            text += "; a producer has asked " + std::to_string(slot.asked.load()) + " beside the list and got " +
                    std::to_string(slot.answered.load());
        }
        return text;
    }

    struct alignas(64) Ballast {
        std::atomic<int> value{0};
    };

    const std::uint64_t wakes_;
    Wake wake_;
    SpinEvent event_;
    std::vector<Slot> slots_;
    std::array<Ballast, 16> ballast_;
    std::atomic<std::uint64_t> served_{0};
    std::atomic<bool> over_{false};
    std::uint64_t sleeps_ = 0;
};

template <class Wake>
int stress(std::uint64_t wakes, unsigned producers) {
    const auto stress = std::make_unique<Stress<Wake>>(wakes, producers);
#if defined(NESTLING_STRESS_WITHOUT_FENCE)
    if (std::thread::hardware_concurrency() < 2) {
        std::puts("SKIPPED: one core alone sees its own stores in order");
        return 77;
    }
    stress->run(Watchdog::OnLoss::succeed, std::chrono::seconds(3));
    std::printf("%s: %llu wakes without the fence, and none was lost: this program would find nothing\n", Wake::name,
                static_cast<unsigned long long>(stress->served()));
    return 1;
#else
    stress->run(Watchdog::OnLoss::fail, std::chrono::seconds(20));
    std::printf("%s: %llu wakes served, %llu sleeps, %u producers, none lost\n", Wake::name,
                static_cast<unsigned long long>(stress->served()), static_cast<unsigned long long>(stress->sleeps()),
                producers);
    return 0;
#endif
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
