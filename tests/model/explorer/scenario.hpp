// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nestling::model {

/// What the engine runs. Each execution is build(), then all threads, then finish(), which sees everything they did.
class Scenario {
public:
    Scenario() = default;
    Scenario(const Scenario&) = delete;
    Scenario& operator=(const Scenario&) = delete;
    virtual ~Scenario() = default;

    virtual void build() = 0;
    /// From 1.
    virtual void run(unsigned thread) = 0;
    virtual void interrupt(unsigned thread) = 0;
    virtual void finish() = 0;
    virtual void clear() noexcept = 0;

    [[nodiscard]] virtual unsigned threads() const noexcept = 0;
    [[nodiscard]] virtual bool has_interrupt(unsigned thread) const noexcept = 0;
    [[nodiscard]] virtual const std::string& thread_name(unsigned thread) const noexcept = 0;
};

/// A scenario whose threads share a `State`, which is built anew for each execution, at the same address. An execution
/// may end anywhere, and then nothing on the stack of a thread is destroyed: threads own nothing on their stacks.
template <class State>
class Program final : public Scenario {
public:
    using Body = std::function<void(State&)>;

    Program& thread(std::string name, Body body) {
        bodies_.push_back({std::move(name), std::move(body), {}});
        return *this;
    }

    /// Runs once on the thread named last, between any two of its steps, while it waits, or when it has ended: a signal
    /// handler.
    Program& signal_handler(Body body) {
        bodies_.back().handler = std::move(body);
        return *this;
    }

    /// When all threads have ended.
    Program& at_end(Body body) {
        at_end_ = std::move(body);
        return *this;
    }

private:
    struct Part {
        std::string name;
        Body body;
        Body handler;
    };

    void build() override { state_.emplace(); }
    void run(unsigned thread) override { bodies_[thread - 1].body(*state_); }
    void interrupt(unsigned thread) override { bodies_[thread - 1].handler(*state_); }
    void finish() override {
        if (at_end_) {
            at_end_(*state_);
        }
    }
    void clear() noexcept override { state_.reset(); }
    [[nodiscard]] unsigned threads() const noexcept override { return static_cast<unsigned>(bodies_.size()); }
    [[nodiscard]] bool has_interrupt(unsigned thread) const noexcept override {
        return static_cast<bool>(bodies_[thread - 1].handler);
    }
    [[nodiscard]] const std::string& thread_name(unsigned thread) const noexcept override {
        return bodies_[thread - 1].name;
    }

    std::vector<Part> bodies_;
    Body at_end_;
    std::optional<State> state_;
};

}  // namespace nestling::model
