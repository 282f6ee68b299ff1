// SPDX-License-Identifier: MIT
#include "support/descriptors.hpp"

#include <array>
#include <stdexcept>

namespace nestling::testing {

namespace {
constexpr std::size_t chunk = 4096;

void check(bool good) {
    if (!good) {
        throw std::runtime_error("the test's own descriptor fails");
    }
}
}  // namespace

char Ends::take() const {
    char letter = 0;
    check(read_some(near(), {&letter, 1}) == 1);
    return letter;
}

std::size_t Ends::fill() const {
    constexpr std::array<char, chunk> bytes{};
    std::size_t count = 0;
    for (;;) {
        const std::ptrdiff_t written = write_some(far(), bytes);
        if (written <= 0) {
            return count;
        }
        count += static_cast<std::size_t>(written);
    }
}

std::size_t Ends::drain() const {
    std::array<char, chunk> bytes{};
    std::size_t count = 0;
    for (;;) {
        const std::ptrdiff_t got = read_some(near(), bytes);
        if (got <= 0) {
            return count;
        }
        count += static_cast<std::size_t>(got);
    }
}

}  // namespace nestling::testing
