// SPDX-License-Identifier: MIT
// Our own adapter under the kit, in every form that this build has.
#include <nestling-glib/source.hpp>
#include <nestling-lab/kit.hpp>
#include <nestling/nestling.hpp>

#include <map>
#include <memory>
#include <string>

#include "support/descriptors.hpp"
#include "support/monitor_kinds.hpp"
#include "support/testing.hpp"

using namespace nestling;

namespace {

/// What hangs on a source, and goes with it.
struct World {
    std::shared_ptr<Context> context;
    testing::Ends ends;
    FdHandler reader;
    Timer timer;

    explicit World(const ContextOptions& options) : context(std::make_shared<Context>(options)) {}
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World() {
        reader = FdHandler();
        timer = Timer();
    }
};

std::map<GSource*, World*> worlds;

GSource* make_source_with(std::unique_ptr<World> world) {
    World& inside = *world;
    // The source holds the context, and with it the world.
    const std::shared_ptr<World> whole(std::move(world));
    GSource* source = glib::make_source(std::shared_ptr<Context>(whole, inside.context.get())).release();
    worlds[source] = &inside;
    return source;
}

ContextOptions options_of(MonitorKind monitor, NotifierKind notifier) {
    ContextOptions options;
    options.name = "nested";
    options.monitor = monitor;
    options.notifier = notifier;
    // Posts that are lost with their context, and closed descriptors: that is what the cases are about.
    options.on_report = [](const Report&) {};
    return options;
}

lab::Subject posts_of(const ContextOptions& options) {
    lab::Subject subject;
    subject.name = "posts";
    subject.make = [options] { return make_source_with(std::make_unique<World>(options)); };
    subject.stimulate = [](GSource* source) { worlds.at(source)->context->post("event", [] { lab::delivered(); }); };
#if !defined(NESTLING_WAKE_SEED)
    // The other protocol writes once for each publication.
    subject.traits = lab::Traits::posts;
#endif
    return subject;
}

lab::Subject reader_of(const ContextOptions& options) {
    lab::Subject subject;
    subject.name = "reader";
    subject.make = [options] {
        auto world = std::make_unique<World>(options);
        world->reader = FdHandler(*world->context, world->ends.near(), "reader", {.read = [self = world.get()] {
            char byte = 0;
            if (testing::read_some(self->ends.near(), {&byte, 1}) == 1) {
                lab::delivered();
            } else {
                // Hung up, as far as a reader can tell.
                self->reader = FdHandler();
            }
        }});
        return make_source_with(std::move(world));
    };
    subject.stimulate = [](GSource* source) { worlds.at(source)->ends.put(); };
    return subject;
}

lab::Subject timer_of(const ContextOptions& options) {
    lab::Subject subject;
    subject.name = "timer";
    subject.make = [options] {
        auto world = std::make_unique<World>(options);
        world->timer = Timer(*world->context, "timer", [] { lab::delivered(); });
        return make_source_with(std::move(world));
    };
    subject.stimulate = [](GSource* source) { worlds.at(source)->timer.arm_after(std::chrono::milliseconds(10)); };
    subject.arm = [](GSource* source, std::chrono::nanoseconds time) { worlds.at(source)->timer.arm_after(time); };
    return subject;
}

}  // namespace

TEST_CASE("our adapter keeps every promise, with every monitor and notifier", "[lab][kit][adapter]") {
    const MonitorKind monitor = GENERATE(from_range(testing::known_monitors()));
    const NotifierKind notifier = GENERATE(from_range(testing::known_notifiers()));
    const auto subject_of = GENERATE(posts_of, reader_of, timer_of);
    const ContextOptions options = options_of(monitor, notifier);
    try {
        const Context probe(options);
    } catch (const std::system_error&) {
        WARN("this build has no such monitor or notifier");
        return;
    }
    const lab::Report report = lab::check_source(subject_of(options));
    INFO(report.text());
    CHECK(report.passed());
    CHECK(report.results.size() == 24);
}
