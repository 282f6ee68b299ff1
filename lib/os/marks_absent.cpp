// SPDX-License-Identifier: MIT
#include "os/marks.hpp"

namespace nestling::os::marks {

bool are_wanted() noexcept {
    return false;
}
void add(std::int64_t, std::int64_t, const char*, const char*) noexcept {}

}  // namespace nestling::os::marks
