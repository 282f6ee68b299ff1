// SPDX-License-Identifier: MIT
#pragma once

#include "async/io_backend.hpp"

namespace nestling::async {

/// The engine that `options` ask for. Throws std::system_error when there is none, and std::bad_alloc.
[[nodiscard]] IoChoice choose_io_backend(Context& context, IoHost& host, const IoQueueOptions& options);

}  // namespace nestling::async
