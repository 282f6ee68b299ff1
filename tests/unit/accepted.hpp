// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "sync/sleeper.hpp"
#include "unit/fake_event.hpp"

namespace nestling::testing {

/// What an accept() takes, in its order.
template <class Wake>
std::vector<typename Wake::Node*> accepted(Wake& wake, FakeEvent& event, sync::EventSeen seen, sync::Ended ended) {
    std::vector<typename Wake::Node*> nodes;
    for (auto* node = wake.accept(event, seen, ended); node != nullptr; node = node->next.load()) {
        nodes.push_back(node);
    }
    return nodes;
}

}  // namespace nestling::testing
