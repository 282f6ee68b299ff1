// SPDX-License-Identifier: MIT
//
// Whole contexts, woken from other threads through the kernel.
//
//   context-stress-PROTOCOL [--driver=native|glib] [--monitor=epoll|poll] [--wakes=N] [--producers=P]
//
// A wake is one write to the event by a producer that found the loop asleep, or about to be.

#include <nestling/nestling.hpp>

#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "arguments.hpp"
#include "driver.hpp"
#include "loop/context_core.hpp"
#include "placement.hpp"
#include "watchdog.hpp"

namespace nestling::stress {
namespace {

/// What all producers have in common.
struct Goal {
    const std::uint64_t wakes;
    std::atomic<std::uint64_t> served{0};
    std::atomic<bool> is_reached{false};

    /// Home thread.
    void note_served(const Context& context) noexcept {
        constexpr std::uint64_t looks_apart = 64;
        if (served.fetch_add(1, std::memory_order_relaxed) % looks_apart == 0 &&
            context.statistics().wakes_written >= wakes) {
            is_reached.store(true, std::memory_order_relaxed);
        }
    }
};

/// One thread that asks for one thing after the other, and what answers it on the home thread.
class Producer {
public:
    Producer(Context& context, Goal& goal)
        : context_(context),
          goal_(goal),
          half_(context, "answer", [this] { answer(); }),
          timer_(context, "answer by timer", [this] { answer(); }) {}
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    void run(unsigned seed) {
        Dice dice(seed + 1);
        for (std::uint64_t round = 1; !goal_.is_reached.load(std::memory_order_relaxed); ++round) {
            asked_.store(round, std::memory_order_relaxed);
            ask(dice.below(8));
            for (unsigned spins = 0; answered_.load(std::memory_order_acquire) != round;) {
                if (++spins % 256 == 0) {
                    std::this_thread::yield();
                }
            }
        }
    }

    /// Home thread.
    void close() {
        half_ = BottomHalf();
        timer_ = Timer();
    }

    [[nodiscard]] std::string state() const {
        return "asked " + std::to_string(asked_.load()) + ", answered " + std::to_string(answered_.load()) +
               (half_.is_scheduled() ? ", bottom half scheduled" : ", bottom half not scheduled");
    }

private:
    void ask(std::uint64_t way) {
        if (way == 0) {
            context_.post("answer by post", [this] { answer(); });
        } else if (way == 1) {
            timer_.arm_at(std::chrono::nanoseconds(1));
        } else if (way == 2) {
            half_.schedule_idle();
            half_.schedule();
        } else {
            half_.schedule();
        }
    }

    void answer() {
        goal_.note_served(context_);
        answered_.store(asked_.load(std::memory_order_relaxed), std::memory_order_release);
    }

    Context& context_;
    Goal& goal_;
    alignas(64) std::atomic<std::uint64_t> asked_{0};
    alignas(64) std::atomic<std::uint64_t> answered_{0};
    BottomHalf half_;
    Timer timer_;
};

int run(int count, char** values) {
    const std::uint64_t wakes = number(count, values, "wakes", 100'000);
    const auto producers = static_cast<unsigned>(number(count, values, "producers", 1));
    const std::string driver = argument(count, values, "driver", "native");
    ContextOptions options;
    options.name = "stress";
    options.monitor =
        argument(count, values, "monitor", "epoll") == "poll" ? MonitorKind::poll : MonitorKind::automatic;
    IoThread thread(options);
    if (driver == "glib" && !run_under_glib(thread)) {
        std::puts("SKIPPED: built without GLib");
        return 77;
    }
    Context& context = *thread.context();
    const Placement placement;
    context.post("place", [&] { placement.place_loop(); });
    Goal goal{wakes};
    std::vector<std::unique_ptr<Producer>> all;
    for (unsigned at = 0; at < producers; ++at) {
        all.push_back(std::make_unique<Producer>(context, goal));
    }
    {
        Watchdog watchdog([&] { return goal.served.load(std::memory_order_relaxed); },
                          [&] {
                              const sync::Wake& wake = context.core().queue().wake();
                              std::string text = wake.is_armed(sync::Sleeper::native) ? "armed" : "not armed";
                              text += wake.is_published() ? ", published" : ", nothing published";
                              for (const auto& producer : all) {
                                  text += "; " + producer->state();
                              }
                              return text;
                          });
        std::vector<std::thread> threads;
        for (unsigned at = 0; at < producers; ++at) {
            threads.emplace_back([&, at] {
                placement.place_producer(at);
                all[at]->run(at);
            });
        }
        for (std::thread& each : threads) {
            each.join();
        }
    }
    const Statistics statistics = context.statistics();
    context.post("close", [&] {
        for (const auto& producer : all) {
            producer->close();
        }
    });
    thread.stop();
    std::printf(
        "%s, %s, %s: %llu wakes, %llu requests served, %llu sleeps, none lost\n", sync::Wake::name, driver.c_str(),
        argument(count, values, "monitor", "epoll").c_str(), static_cast<unsigned long long>(statistics.wakes_written),
        static_cast<unsigned long long>(goal.served.load()), static_cast<unsigned long long>(statistics.sleeps));
    return 0;
}

}  // namespace
}  // namespace nestling::stress

int main(int count, char** values) {
    return nestling::stress::run(count, values);
}
