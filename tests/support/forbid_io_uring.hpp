// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::testing {

/// From now on the kernel refuses io_uring_setup with EPERM to this thread, to the threads that it starts and to what
/// it executes, as many containers do. There is no way back. Returns false if no such filter can be set.
bool forbid_io_uring() noexcept;

}  // namespace nestling::testing
