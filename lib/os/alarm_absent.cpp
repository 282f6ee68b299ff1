// SPDX-License-Identifier: MIT
#include "os/alarm.hpp"

namespace nestling::os {

Alarm Alarm::create(Of) noexcept {
    return {};
}
void Alarm::set(std::int64_t deadline) noexcept {
    deadline_ = deadline;
}
void Alarm::disarm() noexcept {
    deadline_ = -1;
}

}  // namespace nestling::os
