// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/io_operation.hpp>

#include <cstdint>

namespace nestling::async {

/// Any thread. Carries out an operation on a file, for as long as it takes. Returns what io_uring would.
[[nodiscard]] std::int32_t perform_blocking(const IoOperation::Fields& fields) noexcept;

}  // namespace nestling::async
