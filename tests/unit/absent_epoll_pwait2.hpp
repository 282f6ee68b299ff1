// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::testing {

/// From then on the kernel has no epoll_pwait2(), for the whole process: only for a child that ends afterwards.
void forget_epoll_pwait2() noexcept;

/// How often it was asked for since then.
int epoll_pwait2_refusals() noexcept;

}  // namespace nestling::testing
