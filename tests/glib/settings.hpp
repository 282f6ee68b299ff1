// SPDX-License-Identifier: MIT
#pragma once

#include <nestling-glib/source.hpp>
#include <nestling/nestling.hpp>

#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "glib/main_context.hpp"
#include "support/monitor_kinds.hpp"

namespace nestling::testing {

/// What a context is made of.
struct Setting {
    MonitorKind monitor;
    NotifierKind notifier;

    [[nodiscard]] ContextOptions options() const {
        ContextOptions result;
        result.name = "test";
        result.monitor = monitor;
        result.notifier = notifier;
        return result;
    }
    [[nodiscard]] std::string name() const { return std::string(name_of(monitor)) + " " + name_of(notifier); }
};

inline bool can_have(const Setting& setting) {
    try {
        const Context context(setting.options());
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

/// Every pair that this build has.
inline std::vector<Setting> settings() {
    std::vector<Setting> result;
    for (const MonitorKind monitor : known_monitors()) {
        for (const NotifierKind notifier : known_notifiers()) {
            if (can_have({monitor, notifier})) {
                result.push_back({monitor, notifier});
            }
        }
    }
    return result;
}

/// A context nested in a GMainContext of its own.
struct Nested {
    explicit Nested(const Setting& setting = {MonitorKind::automatic, NotifierKind::automatic},
                    const glib::SourceOptions& options = {})
        : Nested(setting.options(), options) {}
    explicit Nested(ContextOptions made_of, const glib::SourceOptions& options = {})
        : context(std::make_shared<Context>(std::move(made_of))),
          attachment(glib::attach(context, options, main.get())) {}

    MainContext main;
    std::shared_ptr<Context> context;
    glib::Attachment attachment;
};

/// True if GLib calls the source no more before its descriptors say so.
inline bool is_resting(const Nested& nested) {
    return nested.attachment.source()->source_funcs->prepare == nullptr;
}

/// Whether it does so when it is idle: the poll monitor has to tell GLib of its descriptors before each sleep.
inline bool can_rest(const Setting& setting) {
    return setting.monitor == MonitorKind::epoll;
}

/// Iterates until the source rests, or would if it could.
inline void rest(const Nested& nested) {
    for (int round = 0; round < 100 && !is_resting(nested); ++round) {
        nested.main.look();
    }
}

}  // namespace nestling::testing
