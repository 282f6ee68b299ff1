// SPDX-License-Identifier: MIT
#pragma once

#include <nestling-lab/kit.hpp>

namespace nestling::testing {

/// A small source that keeps all promises, but for the one with the number `broken`; 0: it keeps all.
lab::Subject planted_subject(unsigned broken);

/// A queue: posts are counted, and the first wakes the loop by an event.
lab::Subject planted_queue(unsigned broken);
/// A reader of a pipe that it does not own. Not on Windows, where there are neither of the two cases.
lab::Subject planted_reader(unsigned broken);

/// Of the cases that only a reader can break.
constexpr bool is_of_reader(unsigned broken) noexcept {
    return broken == 16 || broken == 18;
}

}  // namespace nestling::testing
