// SPDX-License-Identifier: MIT
// Our own adapter.
#include <nestling-glib/source.hpp>
#include <nestling/nestling.hpp>

#include <chrono>
#include <memory>

#include "support.hpp"

namespace {

using namespace shipped;

/// What hangs on a source, and goes with it.
struct World {
    std::shared_ptr<nestling::Context> context = std::make_shared<nestling::Context>();
    Pipe pipe;
    nestling::FdHandler reader;
    nestling::Timer timer;
};

GSource* make_nested(gpointer) {
    const auto world = std::make_shared<World>();
    current<World>() = world.get();
    // The source holds the context, and with it the world.
    return nestling::glib::make_source(std::shared_ptr<nestling::Context>(world, world->context.get())).release();
}

void post(GSource*, gpointer) {
    current<World>()->context->post("event", [] { nestling_lab_delivered(); });
}

GSource* make_fd(gpointer) {
    GSource* source = make_nested(nullptr);
    World* const world = current<World>();
    world->reader = nestling::FdHandler(*world->context, world->pipe.out(), "reader", {.read = [world] {
        if (!world->pipe.deliver(false)) {
            world->reader = nestling::FdHandler();
        }
    }});
    return source;
}

void send_byte(GSource*, gpointer) {
    current<World>()->pipe.send();
}

GSource* make_timer(gpointer) {
    GSource* source = make_nested(nullptr);
    World* const world = current<World>();
    world->timer = nestling::Timer(*world->context, "timer", [] { nestling_lab_delivered(); });
    return source;
}

void arm(GSource*, gint64 nanoseconds, gpointer) {
    current<World>()->timer.arm_after(std::chrono::nanoseconds(nanoseconds));
}

void arm_soon(GSource* source, gpointer) {
    constexpr gint64 soon = 5'000'000;
    arm(source, soon, nullptr);
}

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    static const std::array plugins{plugin("Nestling, post", NESTLING_LAB_POSTS, make_nested, post),
                                    plugin("Nestling, fd", 0, make_fd, send_byte),
                                    plugin("Nestling, timer", 0, make_timer, arm_soon, arm), NestlingLabPlugin{}};
    return plugins.data();
}
