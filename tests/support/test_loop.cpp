// SPDX-License-Identifier: MIT
#include "support/test_loop.hpp"

#include <cstdlib>
#include <optional>
#include <string_view>

#include "support/gsource_driver.hpp"
#include "support/poll_handles.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

std::optional<Configuration> current;

class NativeDriver final : public Driver {
public:
    explicit NativeDriver(const std::shared_ptr<Context>& context) : context_(*context) {}
    bool iterate(Wait wait) override { return context_.poll(wait); }

private:
    Context& context_;
};

/// An outer loop of the simplest kind: the system waits for what the context asks for.
class BarePollDriver final : public Driver {
public:
    explicit BarePollDriver(const std::shared_ptr<Context>& context) : loop_(*context) {}

    bool iterate(Wait wait) override {
        const Prepared prepared = loop_.prepare();
        const std::chrono::nanoseconds timeout =
            prepared.ready || wait == Wait::none ? std::chrono::nanoseconds(0) : prepared.timeout;
        wait_for_handles(loop_.polls(), timeout);
        return (loop_.check() || prepared.ready) && loop_.dispatch();
    }

private:
    ExternalLoop loop_;
};

bool is_io_uring_asked_for() {
    const char* const asked = std::getenv("NESTLING_TEST_MONITOR");
    return asked != nullptr && std::string_view(asked) == "io_uring";
}

}  // namespace

bool lacks_what_is_asked_for() {
    return is_io_uring_asked_for() && !can_have(MonitorKind::io_uring);
}

const char* name_of(DriverKind driver) {
    switch (driver) {
        case DriverKind::native:
            return "native";
        case DriverKind::gsource:
            return "gsource";
        case DriverKind::external:
            return "external";
    }
    return "";
}

std::string name_of(const Configuration& configuration) {
    return std::string(name_of(configuration.driver)) + " " + name_of(configuration.monitor) + " " +
           name_of(configuration.notifier);
}

const std::vector<Configuration>& all_configurations() {
    static const std::vector<Configuration> all = [] {
        std::vector<Configuration> result;
        // Apart from the others: when a ring has ended, the kernel interrupts a sleep of its thread some milliseconds
        // later, which epoll_wait tells and the others do not. Who counts sleeps would count that one.
        const bool only_io_uring = is_io_uring_asked_for() && can_have(MonitorKind::io_uring);
        for (const DriverKind driver : {DriverKind::native, DriverKind::gsource, DriverKind::external}) {
            if (driver == DriverKind::gsource && !has_gsource_driver) {
                continue;
            }
            for (const MonitorKind monitor : known_monitors()) {
                if ((monitor == MonitorKind::io_uring) != only_io_uring) {
                    continue;
                }
                for (const NotifierKind notifier : known_notifiers()) {
                    result.push_back({driver, monitor, notifier});
                }
            }
        }
        return result;
    }();
    return all;
}

Configuration each_configuration() {
    const Configuration configuration = GENERATE(from_range(all_configurations()));
    current = configuration;
    return configuration;
}

const Configuration* current_configuration() {
    return current ? &*current : nullptr;
}
void forget_configuration() {
    current.reset();
}

std::unique_ptr<Driver> make_driver(DriverKind kind, const std::shared_ptr<Context>& context) {
    switch (kind) {
        case DriverKind::native:
            return std::make_unique<NativeDriver>(context);
        case DriverKind::gsource:
            return make_gsource_driver(context);
        case DriverKind::external:
            return std::make_unique<BarePollDriver>(context);
    }
    return nullptr;
}

ContextOptions options_for(const Configuration& configuration, ContextOptions options) {
    options.monitor = configuration.monitor;
    options.notifier = configuration.notifier;
    return options;
}

ContextOptions options_for(const Configuration& configuration, const char* name) {
    ContextOptions options = options_for(configuration);
    options.name = name;
    return options;
}

TestLoop::TestLoop(const Configuration& configuration, ContextOptions options)
    : TestLoop(std::make_shared<Context>(options_for(configuration, std::move(options))), configuration.driver) {}

TestLoop::TestLoop(std::shared_ptr<Context> context, DriverKind driver)
    : context_(std::move(context)), driver_(make_driver(driver, context_)) {}

void TestLoop::run_until(const std::function<bool()>& condition) {
    while (!condition()) {
        block();
    }
}

int TestLoop::run_until_quiet() {
    constexpr int far_too_many = 1'000'000;
    int count = 0;
    while (look() && count < far_too_many) {
        ++count;
    }
    return count;
}

}  // namespace nestling::testing
