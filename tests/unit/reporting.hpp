// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include <nestling/context.hpp>
#include <nestling/fd_handler.hpp>

#include "support/monitor_kinds.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

/// A context that keeps what it reports.
struct Reporting {
    explicit Reporting(MonitorKind kind) : context(options(kind)) {}

    ContextOptions options(MonitorKind kind) {
        ContextOptions result;
        result.monitor = kind;
        result.on_report = [this](const Report& report) {
            {
                const std::lock_guard lock(mutex);
                reports.push_back(report);
            }
            if (on_report) {
                on_report(report);
            }
        };
        return result;
    }
    /// How many reports of a closed descriptor there are for it.
    std::size_t closed(int fd) {
        const std::lock_guard lock(mutex);
        std::size_t count = 0;
        for (const Report& report : reports) {
            count += report.kind == Report::Kind::closed_fd && report.fd == fd ? 1 : 0;
        }
        return count;
    }

    std::mutex mutex;
    std::vector<Report> reports;
    std::function<void(const Report&)> on_report;
    Context context;
};

inline FdCallbacks reads(Callback<void()> read) {
    FdCallbacks callbacks;
    callbacks.read = std::move(read);
    return callbacks;
}

inline std::error_code refusal(Context& context, int fd) {
    try {
        const FdHandler handler(context, fd, "refused", reads([] {}));
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

inline MonitorKind any_kind() {
    return GENERATE(from_range(monitor_kinds()));
}

}  // namespace nestling::testing
