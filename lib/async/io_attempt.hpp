// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "async/io_node.hpp"

namespace nestling::async {

/// What to do with the descriptor of an operation on the engine of threads.
enum class IoWay : std::uint8_t {
    /// It blocks, however ready it says it is.
    pool,
    /// It says when it is ready.
    wait,
    error,
};

/// Which way for `node`. For `error`, `value` is the result.
[[nodiscard]] IoWay way_for(const IoNode& node, std::int32_t& value) noexcept;

/// Carries out what `node` wants of `fd`, if it can be done without waiting. Returns what io_uring would, or
/// `not_ready`.
[[nodiscard]] std::int32_t attempt(IoNode& node, int fd) noexcept;
/// What no result is: less than any errno.
inline constexpr std::int32_t not_ready = -100'000;

/// What to wait for before the next attempt: POLLIN, POLLOUT or both.
[[nodiscard]] short events_for(const IoOperation::Fields& fields) noexcept;

/// True if `value` is a success that is less than the operation asked for: it ends a chain.
[[nodiscard]] bool is_short(const IoOperation::Fields& fields, std::int32_t value) noexcept;

}  // namespace nestling::async
