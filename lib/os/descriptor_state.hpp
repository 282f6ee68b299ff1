// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::os {

/// Whether `fd` is open. Changes nothing.
bool is_open(int fd) noexcept;

/// Whether `fd` has one of the events of poll(2) now. Never sleeps.
bool has_events(int fd, std::uint32_t events) noexcept;

}  // namespace nestling::os
