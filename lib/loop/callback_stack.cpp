// SPDX-License-Identifier: MIT
#include "loop/callback_stack.hpp"

#include "os/clock.hpp"

namespace nestling::loop {

void CallbackStack::Frame::add(Callback<void()> action) {
    if (first_count_ < first_actions_.size()) {
        first_actions_[first_count_++] = std::move(action);
    } else {
        more_actions_.push_back(std::move(action));
    }
}

void CallbackStack::Frame::finish() noexcept {
    for (std::size_t at = 0; at < first_count_; ++at) {
        carry_out(first_actions_[at]);
    }
    for (Callback<void()>& action : more_actions_) {
        carry_out(action);
    }
}

void CallbackStack::Frame::carry_out(Callback<void()>& action) noexcept {
    try {
        action();
    } catch (...) {
        stack_.reporter_.exception(name_);
    }
}

CallbackStack::Frame* CallbackStack::outermost(const void* node) const noexcept {
    Frame* found = nullptr;
    for (Frame* frame = top_; frame != nullptr; frame = frame->outer_) {
        if (frame->node_ == node) {
            found = frame;
        }
    }
    return found;
}

void CallbackStack::when_done(const void* node, Callback<void()> action) {
    if (Frame* frame = outermost(node)) {
        frame->add(std::move(action));
    } else {
        action();
    }
}

std::int64_t CallbackStack::now() noexcept {
    return os::monotonic_ns();
}

}  // namespace nestling::loop
