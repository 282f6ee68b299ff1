// SPDX-License-Identifier: MIT
#include "async/io_uring_backend.hpp"

namespace nestling::async {

// Nobody has a ring.

void fill_sqe(io_uring_sqe&, IoNode&) noexcept {}
void fill_wait(io_uring_sqe&, const IoNode&) noexcept {}
void fill_cancel(io_uring_sqe&, std::uint64_t) noexcept {}
void link_to_next(io_uring_sqe&) noexcept {}

}  // namespace nestling::async
