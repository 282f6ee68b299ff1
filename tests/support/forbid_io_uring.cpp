// SPDX-License-Identifier: MIT
#include "support/forbid_io_uring.hpp"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace nestling::testing {

bool forbid_io_uring() noexcept {
    constexpr auto load = static_cast<std::uint16_t>(BPF_LD | BPF_W | BPF_ABS);
    constexpr auto jump = static_cast<std::uint16_t>(BPF_JMP | BPF_JEQ | BPF_K);
    constexpr auto leave = static_cast<std::uint16_t>(BPF_RET | BPF_K);
    std::array<sock_filter, 4> program{{
        {load, 0, 0, offsetof(seccomp_data, nr)},
        {jump, 0, 1, static_cast<std::uint32_t>(SYS_io_uring_setup)},
        {leave, 0, 0, SECCOMP_RET_ERRNO | EPERM},
        {leave, 0, 0, SECCOMP_RET_ALLOW},
    }};
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) == 0 &&
           ::prctl(PR_SET_SECCOMP, static_cast<unsigned long>(SECCOMP_MODE_FILTER), &filter, 0UL, 0UL) == 0;
}

}  // namespace nestling::testing
