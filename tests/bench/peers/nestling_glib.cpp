// SPDX-License-Identifier: MIT
#include <nestling-glib/source.hpp>
#include <nestling/version.hpp>

#include "bench/peers/nestling_handles.hpp"
#include "bench/peers/peers.hpp"
#include "bench/workloads/all.hpp"

namespace bench {

namespace {

/// Nestling nested in a GMainContext, which runs it: default priority, no budget.
class NestlingGlibLoop : public NestlingHandles {
public:
    static constexpr bool in_glib = true;

    NestlingGlibLoop() : main_(g_main_context_new()), nested_(nestling::glib::attach(context_, {}, main_)) {}
    NestlingGlibLoop(const NestlingGlibLoop&) = delete;
    NestlingGlibLoop& operator=(const NestlingGlibLoop&) = delete;
    ~NestlingGlibLoop() {
        nested_ = {};
        g_main_context_unref(main_);
    }
    void turn() { g_main_context_iteration(main_, FALSE); }
    void wait() { g_main_context_iteration(main_, TRUE); }

private:
    GMainContext* main_;
    nestling::glib::Attachment nested_;
};

}  // namespace

void add_nestling_glib(Registry& to) {
    add_workloads<NestlingGlibLoop>(to, "nestling-glib", NESTLING_VERSION);
}

}  // namespace bench
