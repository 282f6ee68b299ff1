// SPDX-License-Identifier: MIT
#include "loop/deferred_calls.hpp"

#include <nestling/deferred_call.hpp>

#include "loop/context_core.hpp"
#include "loop/rare_parts.hpp"

namespace nestling {

namespace loop {

void DeferredCalls::request(DeferredNode& node) noexcept {
    if (depth_ == 0) {
        call(node);
    } else if (!std::exchange(node.is_listed, true)) {
        node.next = nullptr;
        (first_ == nullptr ? first_ : last_->next) = &node;
        last_ = &node;
    }
}

void DeferredCalls::forget(DeferredNode& node) noexcept {
    if (!std::exchange(node.is_listed, false)) {
        return;
    }
    DeferredNode* before = nullptr;
    for (DeferredNode* at = first_; at != &node; at = at->next) {
        before = at;
    }
    (before == nullptr ? first_ : before->next) = node.next;
    if (last_ == &node) {
        last_ = before;
    }
}

void DeferredCalls::call_all() noexcept {
    if (first_ == nullptr) {
        return;
    }
    // What these calls put off comes after them.
    ++depth_;
    while (DeferredNode* node = first_) {
        first_ = node->next;
        node->is_listed = false;
        call(*node);
    }
    --depth_;
}

void DeferredCalls::call(DeferredNode& node) noexcept {
    CallbackStack::Frame frame(stack_, &node, node.name);
    frame.call(node.callback);
}

}  // namespace loop

DeferSection::DeferSection(Context& context) : calls_(context.core().rare().deferred) {
    calls_.begin();
}

DeferSection::~DeferSection() {
    calls_.end();
}

DeferredCall::DeferredCall(Context& context, const char* name, Callback<void()> callback) {
    node_ = std::make_unique<loop::DeferredNode>(context.core().rare().deferred, name, std::move(callback));
}

DeferredCall::~DeferredCall() {
    loop::DeferredNode* node = node_.get();
    node->calls.forget(*node);
    node->calls.stack().when_done(node, [owned = std::move(node_)] {});
}

void DeferredCall::call() {
    node_->calls.request(*node_);
}

}  // namespace nestling
