// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::model {

/// Order matters: mix(mix(h, a), b) differs from mix(mix(h, b), a).
constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t value) noexcept {
    hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
    hash ^= hash >> 32;
    hash *= 0xd6e8feb86659fd93U;
    return hash ^ (hash >> 29);
}

}  // namespace nestling::model
