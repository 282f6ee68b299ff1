// SPDX-License-Identifier: MIT
#include "loop/handle_registry.hpp"

#include "loop/bottom_half_queue.hpp"
#include "loop/fd_node.hpp"
#include "loop/timer_node.hpp"

namespace nestling::loop {

std::string HandleRegistry::names() const {
    std::string text;
    const auto add = [&text](const auto& node) {
        text += text.empty() ? "\"" : ", \"";
        text += node.name;
        text += '"';
    };
    bottom_halves_.for_each_handle(add);
    fd_handlers_.for_each_handle(add);
    timers_.for_each_handle(add);
    return text;
}

}  // namespace nestling::loop
