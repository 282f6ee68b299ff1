// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>

#include "support/testing.hpp"
#include "unit/monitors.hpp"

namespace nestling::testing {

using Monitor = std::unique_ptr<fdmon::FdMonitor>;

inline Monitor uring() {
    return can_have(MonitorKind::io_uring) ? make_monitor(MonitorKind::io_uring) : nullptr;
}

#define URING_OR_SKIP(name)                         \
    Monitor name = uring();                         \
    if (name == nullptr) {                          \
        SKIP_LOUDLY("the kernel refuses io_uring"); \
    }

/// In nanoseconds: until something happens.
constexpr std::int64_t for_long = 3'600'000'000'000;

}  // namespace nestling::testing
