// SPDX-License-Identifier: MIT
#include "kit/trial.hpp"

namespace nestling::lab::kit {

void fork_is_loud(const Bench&) {
    not_applicable("there is no fork() on this system");
}

}  // namespace nestling::lab::kit
