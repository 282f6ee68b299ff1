// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <cstdint>

namespace nestling::lab::kit {

/// While one lives, criticals and warnings are counted, and neither shown nor fatal: g_test_init() makes them fatal,
/// and interpreters turn those of GLib into warnings of their own.
class CaughtLogs {
public:
    CaughtLogs() noexcept;
    CaughtLogs(const CaughtLogs&) = delete;
    CaughtLogs& operator=(const CaughtLogs&) = delete;
    ~CaughtLogs();

private:
    GLogFunc previous_;
    guint handler_;
    GLogLevelFlags fatal_;
};

/// How many criticals and warnings GLib has logged.
std::uint64_t criticals() noexcept;

}  // namespace nestling::lab::kit
