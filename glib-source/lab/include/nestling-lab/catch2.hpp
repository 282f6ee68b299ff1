// SPDX-License-Identifier: MIT
#pragma once

// The expectations as matchers of Catch2. Includes what a test needs of version 2 or 3, whichever is there.
#if __has_include(<catch2/matchers/catch_matchers.hpp>)
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <string>
#include <utility>

#include <nestling-lab/assertions.hpp>

namespace nestling::lab::catch2 {

#if __has_include(<catch2/matchers/catch_matchers.hpp>)
using LabMatcherBase = Catch::Matchers::MatcherBase<Lab>;
#else
using LabMatcherBase = Catch::MatcherBase<Lab>;
#endif

class LabMatcher final : public LabMatcherBase {
public:
    explicit LabMatcher(Expectation expectation) : expectation_(std::move(expectation)) {}
    bool match(const Lab& lab) const override {
        verdict_ = expectation_(lab);
        return verdict_.holds;
    }
    std::string describe() const override {
        return verdict_.holds ? expectation_.words : expectation_.words + "\n" + verdict_.message;
    }

private:
    Expectation expectation_;
    mutable Verdict verdict_;
};

/// REQUIRE_THAT(lab, that(dispatched_once(timer)) && that(never_spun()));
inline LabMatcher that(Expectation expectation) {
    return LabMatcher(std::move(expectation));
}

}  // namespace nestling::lab::catch2

/// So that a failure shows the lab's last steps, and not the address of the lab.
template <>
struct Catch::StringMaker<nestling::lab::Lab> {
    static std::string convert(const nestling::lab::Lab& lab) {
        return "a lab whose last steps were\n" + lab.timeline();
    }
};
