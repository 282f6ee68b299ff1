// SPDX-License-Identifier: MIT
#pragma once

#include "bench/registry.hpp"

namespace bench {

/// Bare system calls, as a loop.
void add_raw(Registry& to);
/// Bare atomics, for the workloads whose limit is no system call; part of the peer `raw`.
void add_limits(Registry& to);
void add_nestling(Registry& to);
/// W8 with liburing alone; part of the peer `raw`.
void add_raw_files(Registry& to);
/// W8 for Nestling.
void add_nestling_files(Registry& to);
void add_nestling_glib(Registry& to);
void add_glib(Registry& to);
void add_uv(Registry& to);
void add_asio(Registry& to);
void add_event(Registry& to);
void add_ev(Registry& to);
void add_sd(Registry& to);

}  // namespace bench
