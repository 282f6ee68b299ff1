// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "bench/registry.hpp"
#include "bench/workloads/busy_polling.hpp"
#include "bench/workloads/w1_same_thread.hpp"
#include "bench/workloads/w2_across.hpp"
#include "bench/workloads/w3_wake.hpp"
#include "bench/workloads/w4_descriptors.hpp"
#include "bench/workloads/w5_timers.hpp"
#include "bench/workloads/w7_memory.hpp"

namespace bench {

template <Loop L>
void add_w1(Registry& to, std::string_view peer) {
    if constexpr (Schedules<L>) {
        to.add(peer, "w1.single", [](const Effort& effort) { return w1_tasks<L>(effort, 1); });
        to.add(peer, "w1.batch", [](const Effort& effort) { return w1_tasks<L>(effort, batch); });
        to.add(peer, "w1.chain", w1_chain<L>);
    }
    if constexpr (Posts<L>) {
        to.add(peer, "w1.post", [](const Effort& effort) { return w1_posts<L>(effort, 1); });
        to.add(peer, "w1.post-batch", [](const Effort& effort) { return w1_posts<L>(effort, batch); });
    }
}

template <Loop L>
void add_w2(Registry& to, std::string_view peer) {
    if (cpus().count < 2) {
        return;
    }
    if constexpr (Wakes<L>) {
        to.add(peer, "w2.coalesced", [](const Effort& effort) { return w2_coalesced<L>(effort, Round::works); });
        to.add(peer, "w2.coalesced-spins", [](const Effort& effort) { return w2_coalesced<L>(effort, Round::spins); });
    }
    if constexpr (Sends<L>) {
        to.add(peer, "w2.distinct", [](const Effort& effort) { return w2_distinct<L>(effort, Round::works); });
        to.add(peer, "w2.distinct-spins", [](const Effort& effort) { return w2_distinct<L>(effort, Round::spins); });
        to.add(peer, "w2.two-producers", w2_two_producers<L>);
    }
    if constexpr (PostsAcross<L>) {
        to.add(peer, "w2.post", w2_posts<L>);
    }
}

template <Loop L>
void add_w3(Registry& to, std::string_view peer) {
    if constexpr (Wakes<L>) {
        to.add(peer, "w3.same-cpu",
               [](const Effort& effort) { return w3_round_trip<L>(effort, cpus().loop, Sleeping::yes); });
        if (counts_system_calls()) {
            to.add(peer, "w3.calls", w3_calls<L>);
        }
        if (cpus().count >= 2) {
            to.add(peer, "w3.two-cpus",
                   [](const Effort& effort) { return w3_round_trip<L>(effort, cpus().producer, Sleeping::yes); });
            to.add(peer, "w3.spinning",
                   [](const Effort& effort) { return w3_round_trip<L>(effort, cpus().producer, Sleeping::no); });
        }
    }
    if constexpr (BusyPolls<L>) {
        if (cpus().count >= 2) {
            to.add(peer, "w3.busy-polling", w3_busy_polling<L>);
            to.add(peer, "w3.collapse", w3_collapse<L>);
        }
    }
}

template <Loop L>
void add_w4(Registry& to, std::string_view peer) {
    if constexpr (Watches<L>) {
        to.add(peer, "w4.ready-1", [](const Effort& effort) { return w4_ready<L>(effort, 1); });
        to.add(peer, "w4.ready-10", [](const Effort& effort) { return w4_ready<L>(effort, 10); });
        to.add(peer, "w4.ready-100", [](const Effort& effort) { return w4_ready<L>(effort, 100); });
        to.add(peer, "w4.ready-1000", [](const Effort& effort) { return w4_ready<L>(effort, 1000); });
        to.add(peer, "w4.ready-10000", [](const Effort& effort) { return w4_ready<L>(effort, 10000); });
        to.add(peer, "w4.register", w4_register<L>);
    }
}

template <Loop L>
void add_w5(Registry& to, std::string_view peer) {
    if constexpr (HasTimer<L>) {
        to.add(peer, "w5.lateness", w5_lateness<L>);
    }
    if constexpr (PollsForTimers<L>) {
        to.add(peer, "w5.precise", w5_precise<L>);
    }
    if constexpr (Times<L>) {
        to.add(peer, "w5.arm-1", [](const Effort& effort) { return w5_arm_and_cancel<L>(effort, 1); });
        to.add(peer, "w5.arm-1000", [](const Effort& effort) { return w5_arm_and_cancel<L>(effort, 1000); });
        to.add(peer, "w5.arm-100000", [](const Effort& effort) { return w5_arm_and_cancel<L>(effort, 100000); });
        to.add(peer, "w5.rearm-100000", [](const Effort& effort) { return w5_rearm<L>(effort, 100000); });
        to.add(peer, "w5.fire-1000", w5_fire<L>);
        to.add(peer, "w5.turn-1", [](const Effort& effort) { return w5_turn<L>(effort, 1); });
        to.add(peer, "w5.turn-100000", [](const Effort& effort) { return w5_turn<L>(effort, 100000); });
        to.add(peer, "w5.early", w5_early<L>);
    }
}

template <Loop L>
void add_w6_w7(Registry& to, std::string_view peer) {
    if constexpr (InGlib<L>) {
        to.add(peer, "w6.turn", [](const Effort& effort) { return w6_turn<L>(effort, 0); });
        to.add(peer, "w6.turn-10", [](const Effort& effort) { return w6_turn<L>(effort, idle_fds); });
    }
    if constexpr (Schedules<L>) {
        to.add(peer, "w7.context", w7_context<L>);
        to.add(peer, "w7.task", w7_task<L>);
        to.add(peer, "w7.fd", w7_fd<L>);
        to.add(peer, "w7.descriptors", w7_descriptors<L>);
    }
    if constexpr (Times<L>) {
        to.add(peer, "w7.timer", w7_timer<L>);
    }
    if constexpr (Wakes<L> && Watches<L>) {
        to.add(peer, "w7.wakeups", w7_wakeups<L>);
    }
}

/// Everything that the peer has the abilities for.
template <Loop L>
void add_workloads(Registry& to, std::string_view peer, std::string_view version) {
    to.add_peer(peer, version);
    add_w1<L>(to, peer);
    add_w2<L>(to, peer);
    add_w3<L>(to, peer);
    add_w4<L>(to, peer);
    add_w5<L>(to, peer);
    add_w6_w7<L>(to, peer);
}

}  // namespace bench
