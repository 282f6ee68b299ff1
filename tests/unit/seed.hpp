// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <type_traits>

namespace nestling::testing {

/// The same in every run, unless NESTLING_TEST_SEED says otherwise. A test shows it with CAPTURE.
inline std::uint64_t random_seed() {
    constexpr std::uint64_t default_seed = 20240229;
    const char* text = std::getenv("NESTLING_TEST_SEED");
    return text == nullptr ? default_seed : std::strtoull(text, nullptr, 10);
}

/// Numbers that are the same with every standard library.
class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    /// One of 0 to `end` - 1.
    template <class T>
    T below(T end) {
        return static_cast<T>(engine_() % static_cast<std::uint64_t>(end));
    }
    /// A number from 1 to 10 to the power of `digits`, each magnitude as likely as the next.
    std::int64_t of_any_magnitude(int digits) {
        std::int64_t end = 10;
        for (int more = below(digits); more > 0; --more) {
            end *= 10;
        }
        return 1 + below(end);
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace nestling::testing
