// SPDX-License-Identifier: MIT
#include "loop/handle_registry.hpp"

namespace nestling::loop {

void HandleRegistry::add(HandleNode& node) {
    const std::lock_guard lock(mutex_);
    nodes_.push_back(&node);
    node.registry_index = static_cast<std::uint32_t>(nodes_.size() - 1);
}

void HandleRegistry::remove(HandleNode& node) noexcept {
    const std::lock_guard lock(mutex_);
    HandleNode* last = nodes_.back();
    nodes_[node.registry_index] = last;
    last->registry_index = node.registry_index;
    nodes_.pop_back();
}

void HandleRegistry::replace(HandleNode& old, HandleNode& fresh) noexcept {
    const std::lock_guard lock(mutex_);
    fresh.registry_index = old.registry_index;
    nodes_[fresh.registry_index] = &fresh;
}

std::string HandleRegistry::names() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    for (const HandleNode* node : nodes_) {
        text += text.empty() ? "\"" : ", \"";
        text += node->name;
        text += '"';
    }
    return text;
}

}  // namespace nestling::loop
