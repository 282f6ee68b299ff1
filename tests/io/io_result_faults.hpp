// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::testing {

/// While it lives, the results of the next `times` operations that come out of any ring, after `untouched` others, are
/// `error` instead. The operations have been carried out all the same.
class FalseResults {
public:
    FalseResults(int error, int times, int untouched = 0);
    FalseResults(const FalseResults&) = delete;
    FalseResults& operator=(const FalseResults&) = delete;
    ~FalseResults();
    /// How many are still to come.
    [[nodiscard]] int left() const;
};

}  // namespace nestling::testing
