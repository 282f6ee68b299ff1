// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/nestling.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "support/monitor_kinds.hpp"

namespace nestling::testing {

/// Who runs the iterations of a context.
enum class DriverKind : std::uint8_t { native, gsource, external };

/// One cell of the matrix that the contract suite runs on.
struct Configuration {
    DriverKind driver;
    MonitorKind monitor;
    NotifierKind notifier;
};

const char* name_of(DriverKind driver);
std::string name_of(const Configuration& configuration);

/// All cells that this build has; with NESTLING_TEST_MONITOR=io_uring, where that can be had, those of io_uring.
const std::vector<Configuration>& all_configurations();

/// Whether NESTLING_TEST_MONITOR=io_uring asks for what cannot be had here.
bool lacks_what_is_asked_for();

/// Every one of all_configurations(), one after the other: the test case runs once for each. The listener that prints
/// the matrix learns from it which cell is running.
Configuration each_configuration();

/// The cell of the test that is running, if any.
const Configuration* current_configuration();
void forget_configuration();

/// Makes iterations of a context on its home thread, in one of three ways.
class Driver {
public:
    Driver() = default;
    Driver(const Driver&) = delete;
    Driver& operator=(const Driver&) = delete;
    virtual ~Driver() = default;
    /// One iteration. True if a callback ran that counts as progress.
    virtual bool iterate(Wait wait) = 0;
};

std::unique_ptr<Driver> make_driver(DriverKind kind, const std::shared_ptr<Context>& context);

/// A context and a driver for it, on the thread that makes them.
class TestLoop {
public:
    explicit TestLoop(const Configuration& configuration, ContextOptions options = {});
    explicit TestLoop(std::shared_ptr<Context> context, DriverKind driver);

    [[nodiscard]] Context& context() const noexcept { return *context_; }
    [[nodiscard]] const std::shared_ptr<Context>& shared_context() const noexcept { return context_; }
    [[nodiscard]] Statistics statistics() const { return context_->statistics(); }

    /// One iteration that may sleep; true on progress.
    bool block() { return driver_->iterate(Wait::block); }
    /// One iteration that only looks; true on progress.
    bool look() { return driver_->iterate(Wait::none); }
    /// Iterations that may sleep, until `condition` holds.
    void run_until(const std::function<bool()>& condition);
    /// Iterations that only look, until one makes no progress. Returns how many did.
    int run_until_quiet();

private:
    std::shared_ptr<Context> context_;
    std::unique_ptr<Driver> driver_;
};

/// Options for a context of this cell.
ContextOptions options_for(const Configuration& configuration, ContextOptions options = {});
ContextOptions options_for(const Configuration& configuration, const char* name);

}  // namespace nestling::testing
