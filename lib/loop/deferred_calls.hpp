// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/callback.hpp>

#include <utility>

#include "loop/callback_stack.hpp"

namespace nestling::loop {

class DeferredCalls;

struct DeferredNode {
    DeferredNode(DeferredCalls& of, const char* handle_name, Callback<void()> function) noexcept
        : calls(of), name(handle_name), callback(std::move(function)) {}

    DeferredCalls& calls;
    const char* name;
    Callback<void()> callback;
    bool is_listed = false;
    DeferredNode* next = nullptr;
};

/// What the sections of one context put off. Home thread.
class DeferredCalls {
public:
    explicit DeferredCalls(CallbackStack& stack) noexcept : stack_(stack) {}
    DeferredCalls(const DeferredCalls&) = delete;
    DeferredCalls& operator=(const DeferredCalls&) = delete;

    void begin() noexcept { ++depth_; }
    void end() noexcept {
        if (--depth_ == 0) {
            call_all();
        }
    }
    void request(DeferredNode& node) noexcept;
    void forget(DeferredNode& node) noexcept;
    [[nodiscard]] CallbackStack& stack() noexcept { return stack_; }

    /// What is called together. Without `calls` nothing has been put off ever.
    class Section {
    public:
        explicit Section(DeferredCalls* calls) noexcept : calls_(calls) {
            if (calls_ != nullptr) {
                calls_->begin();
            }
        }
        Section(const Section&) = delete;
        Section& operator=(const Section&) = delete;
        ~Section() {
            if (calls_ != nullptr) {
                calls_->end();
            }
        }

    private:
        DeferredCalls* calls_;
    };

    /// A nested poll(): what was put off is called, and the section that it is in does not count until it returns.
    class Outside {
    public:
        explicit Outside(DeferredCalls* calls) noexcept : calls_(calls) {
            if (calls_ != nullptr) {
                depth_ = std::exchange(calls_->depth_, 0U);
                calls_->call_all();
            }
        }
        Outside(const Outside&) = delete;
        Outside& operator=(const Outside&) = delete;
        ~Outside() {
            if (calls_ != nullptr) {
                calls_->depth_ = depth_;
            }
        }

    private:
        DeferredCalls* calls_;
        unsigned depth_ = 0;
    };

private:
    void call_all() noexcept;
    void call(DeferredNode& node) noexcept;

    CallbackStack& stack_;
    unsigned depth_ = 0;
    DeferredNode* first_ = nullptr;
    DeferredNode* last_ = nullptr;
};

}  // namespace nestling::loop
