// SPDX-License-Identifier: MIT
#include "os/log.hpp"

#include <cstdio>
#include <cstdlib>

namespace nestling::os {

void log_line(std::string_view text) noexcept {
    std::fprintf(stderr, "nestling: %.*s\n", static_cast<int>(text.size()), text.data());
}

void die(std::string_view context, std::string_view handle, std::string_view what) noexcept {
    std::fprintf(stderr, "nestling: context \"%.*s\"", static_cast<int>(context.size()), context.data());
    if (!handle.empty()) {
        std::fprintf(stderr, ", handle \"%.*s\"", static_cast<int>(handle.size()), handle.data());
    }
    std::fprintf(stderr, ": %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

}  // namespace nestling::os
