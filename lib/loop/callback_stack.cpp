// SPDX-License-Identifier: MIT
#include "loop/callback_stack.hpp"

#include "os/clock.hpp"

namespace nestling::loop {

void CallbackStack::Frame::finish() noexcept {
    for (Callback<void()>& action : when_done_) {
        try {
            action();
        } catch (...) {
            stack_.reporter_.exception(name_);
        }
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
        frame->when_done_.push_back(std::move(action));
    } else {
        action();
    }
}

std::int64_t CallbackStack::now() noexcept { return os::monotonic_ns(); }

void CallbackStack::note_duration(const char* name, std::int64_t duration) noexcept {
    if (duration > longest_.get()) {
        longest_.set(duration);
        longest_name_.set(name);
    }
}

}  // namespace nestling::loop
