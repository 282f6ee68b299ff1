// SPDX-License-Identifier: MIT
#include "loop/callback_stack.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "os/clock.hpp"

namespace nestling::loop {

void CallbackStack::Frame::add(Callback<void()> action) {
    if (action_count_ < actions_.of.first.size()) {
        ::new (&actions_.of.first[action_count_]) Callback<void()>(std::move(action));
    } else if (action_count_ == actions_.of.first.size()) {
        auto more = std::make_unique<std::vector<Callback<void()>>>();
        more->push_back(std::move(action));
        actions_.of.more = more.release();
    } else {
        actions_.of.more->push_back(std::move(action));
    }
    ++action_count_;
}

void CallbackStack::Frame::finish() noexcept {
    // What an action asks for is done at once: the node is not running any more.
    const std::size_t count = std::exchange(action_count_, 0U);
    for (std::size_t at = 0; at != std::min(count, actions_.of.first.size()); ++at) {
        carry_out(actions_.of.first[at]);
        actions_.of.first[at].~Callback();
    }
    if (count > actions_.of.first.size()) {
        const std::unique_ptr<std::vector<Callback<void()>>> more(actions_.of.more);
        for (Callback<void()>& action : *more) {
            carry_out(action);
        }
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
