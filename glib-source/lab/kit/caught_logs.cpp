// SPDX-License-Identifier: MIT
#include "kit/caught_logs.hpp"

#include <atomic>

namespace nestling::lab::kit {

namespace {

constexpr int counted = G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING;

std::atomic<std::uint64_t> criticals_logged{0};

void count_criticals(const gchar* domain, GLogLevelFlags level, const gchar* message, gpointer data) {
    if ((level & counted) != 0) {
        criticals_logged.fetch_add(1);
        return;
    }
    g_log_default_handler(domain, level, message, data);
}

}  // namespace

CaughtLogs::CaughtLogs() noexcept
    : previous_(g_log_set_default_handler(count_criticals, nullptr)),
      handler_(g_log_set_handler("GLib", static_cast<GLogLevelFlags>(counted | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION),
                                 count_criticals, nullptr)),
      fatal_(g_log_set_always_fatal(G_LOG_LEVEL_ERROR)) {}

CaughtLogs::~CaughtLogs() {
    g_log_set_always_fatal(fatal_);
    g_log_remove_handler("GLib", handler_);
    g_log_set_default_handler(previous_, nullptr);
}

std::uint64_t criticals() noexcept {
    return criticals_logged.load();
}

}  // namespace nestling::lab::kit
