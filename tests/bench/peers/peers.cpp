// SPDX-License-Identifier: MIT
#include "bench/peers/peers.hpp"

namespace bench {

void add_all_peers(Registry& registry) {
    add_raw(registry);
    add_limits(registry);
    add_nestling(registry);
    add_nestling_files(registry);
#if BENCH_HAVE_URING
    add_raw_files(registry);
#endif
#if BENCH_HAVE_GLIB
    add_nestling_glib(registry);
    add_glib(registry);
#else
    registry.add_absent("nestling-glib", "libglib2.0-dev");
    registry.add_absent("glib", "libglib2.0-dev");
#endif
#if BENCH_HAVE_UV
    add_uv(registry);
#else
    registry.add_absent("libuv", "libuv1-dev");
#endif
#if BENCH_HAVE_ASIO
    add_asio(registry);
#else
    registry.add_absent("asio", "libasio-dev");
#endif
#if BENCH_HAVE_EVENT
    add_event(registry);
#else
    registry.add_absent("libevent", "libevent-dev");
#endif
#if BENCH_HAVE_EV
    add_ev(registry);
#else
    registry.add_absent("libev", "libev-dev");
#endif
#if BENCH_HAVE_SD
    add_sd(registry);
#else
    registry.add_absent("sd-event", "libsystemd-dev");
#endif
}

}  // namespace bench
