// SPDX-License-Identifier: MIT
#include <nestling/version.hpp>

#include "bench/peers/nestling_handles.hpp"
#include "bench/peers/peers.hpp"
#include "bench/workloads/all.hpp"

namespace bench {

namespace {

/// Nestling's own poll() on the home thread.
class NestlingLoop : public NestlingHandles {
public:
    void turn() { context_->poll(nestling::Wait::none); }
    void wait() { context_->poll(nestling::Wait::block); }
    void poll_before_sleeps(std::int64_t most) { context_->set_busy_polling({std::chrono::nanoseconds(most)}); }
    [[nodiscard]] std::uint64_t sleeps() const { return context_->statistics().sleeps; }
    void poll_for_timers() { context_->set_precise_tail(nestling::usual_precise_tail); }
};

}  // namespace

void add_nestling(Registry& to) {
    add_workloads<NestlingLoop>(to, "nestling", NESTLING_VERSION);
}

}  // namespace bench
