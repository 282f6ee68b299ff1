// SPDX-License-Identifier: MIT
#pragma once

#include <nestling-glib/source.hpp>
#include <nestling-lab/lab.hpp>
#include <nestling/nestling.hpp>

#include <memory>
#include <utility>

#include "glib/settings.hpp"

namespace nestling::testing {

/// A context nested in the GMainContext of a lab.
struct NestedLab {
    explicit NestedLab(const Setting& setting = {MonitorKind::automatic, NotifierKind::automatic},
                       const glib::SourceOptions& options = {})
        : NestedLab(setting.options(), options) {}
    explicit NestedLab(ContextOptions made_of, const glib::SourceOptions& options = {})
        : context(std::make_shared<Context>(std::move(made_of))),
          attachment(glib::attach(context, options, lab.context())),
          source(lab.adopt(attachment.source())) {}

    lab::Lab lab;
    std::shared_ptr<Context> context;
    glib::Attachment attachment;
    lab::SourceRecord& source;

    /// One iteration in which no time passes.
    const lab::Step& look() {
        lab.run_for(std::chrono::nanoseconds(0));
        return *lab.steps().back();
    }
    /// Looks until nothing is dispatched any more, and nothing wakes the loop.
    void settle() {
        constexpr int most = 1000;
        for (int step = 0; step != most; ++step) {
            const lab::Step& last = look();
            if (last.poll_result == 0 && last.dispatch_order().empty() && last.timeout != 0) {
                return;
            }
        }
    }
    /// Iterates until `is_done`, in virtual time. False after an hour of it.
    bool run_until(const std::function<bool()>& is_done) {
        return lab.run_until(is_done, lab::within(std::chrono::hours(1)));
    }
    /// How many descriptors GLib polls, without the one by which it wakes itself.
    std::size_t polled() {
        std::size_t count = 0;
        for (const lab::PolledFd& each : look().polled) {
            count += each.is_wakeup ? 0 : 1;
        }
        return count;
    }
};

}  // namespace nestling::testing
