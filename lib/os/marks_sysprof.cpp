// SPDX-License-Identifier: MIT
#include <sysprof-capture.h>

#include "os/marks.hpp"

namespace nestling::os::marks {

bool are_wanted() noexcept {
    return ::sysprof_collector_is_active();
}

void add(std::int64_t begin, std::int64_t nanoseconds, const char* context, const char* handle) noexcept {
    ::sysprof_collector_mark(begin, nanoseconds, "nestling", handle, context);
}

}  // namespace nestling::os::marks
