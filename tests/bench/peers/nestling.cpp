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
};

}  // namespace

void add_nestling(Registry& to) {
    add_workloads<NestlingLoop>(to, "nestling", NESTLING_VERSION);
}

}  // namespace bench
