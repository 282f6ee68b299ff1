// SPDX-License-Identifier: MIT
#include "script.hpp"

#include <glib.h>

#include <utility>

namespace nestling::lab {

void Script::run_due(std::int64_t now) {
    while (!moments_.empty() && moments_.begin()->first <= now) {
        const Action action = std::move(moments_.begin()->second);
        moments_.erase(moments_.begin());
        action();
    }
}

bool Script::take_interrupt() noexcept {
    if (interrupts_ == 0) {
        return false;
    }
    --interrupts_;
    return true;
}

unsigned short Script::answer(int fd, unsigned short events) const {
    const Fd& state = fds_.at(fd);
    constexpr int unasked = G_IO_ERR | G_IO_HUP | G_IO_NVAL;
    return static_cast<unsigned short>((state.level | state.pulse) & (events | unasked));
}

}  // namespace nestling::lab
