// SPDX-License-Identifier: MIT
#include "loop/callback_stack.hpp"

#include <algorithm>
#include <new>

#include "os/clock.hpp"

namespace nestling::loop {

void CallbackStack::Frame::add(Callback<void()> action) {
    if (action_count_ < first_.at.size()) {
        ::new (&first_.at[action_count_]) Callback<void()>(std::move(action));
    } else {
        if (more_ == nullptr) {
            more_ = new std::vector<Callback<void()>>();
        }
        more_->push_back(std::move(action));
    }
    ++action_count_;
}

void CallbackStack::Frame::finish() noexcept {
    for (std::size_t at = 0; at != std::min(action_count_, first_.at.size()); ++at) {
        carry_out(first_.at[at]);
        first_.at[at].~Callback();
    }
    if (more_ != nullptr) {
        for (Callback<void()>& action : *more_) {
            carry_out(action);
        }
        delete more_;
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
