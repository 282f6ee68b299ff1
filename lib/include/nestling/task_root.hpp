// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <stop_token>

#include <nestling/annotations.hpp>
#include <nestling/context.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>

namespace nestling {

class TaskHandle;

namespace async {

/// A task that was spawned, with all tasks that it waits for. On the home thread, but for what is said to be for any
/// thread.
class NESTLING_API TaskRoot {
public:
    /// Any thread.
    TaskRoot(Context& home, const char* name, std::stop_token stop) noexcept
        : home_(home), name_(name), stop_(std::move(stop)), start_(*this) {}
    TaskRoot(const TaskRoot&) = delete;
    TaskRoot& operator=(const TaskRoot&) = delete;
    virtual ~TaskRoot();

    // ---- Any thread ----

    [[nodiscard]] Context& home() const noexcept { return home_; }
    [[nodiscard]] const char* name() const noexcept { return name_; }
    /// Held by who sends a task to another thread until the context there is not needed any more; whoever arrives there
    /// waits for that, because it may end that context (contracts B-13).
    [[nodiscard]] std::mutex& hops() noexcept { return hops_; }

    /// Before start(). May throw std::bad_alloc.
    void prepare(TaskFrame& frame);
    /// `frame` begins in the next iteration; this may be gone when it returns.
    void start(TaskFrame& frame) noexcept;

    // ---- Home thread ----

    /// Around everything that runs a part of the task here. leave() may destroy this.
    void enter() noexcept { ++running_; }
    void leave() {
        if (--running_ == 0 && (has_ended_ || is_doomed_)) {
            settle();
        }
    }
    void ended() noexcept { has_ended_ = true; }
    void went_away() noexcept { ++away_; }
    void came_home() noexcept { --away_; }

protected:
    /// The task has ended: destroys this, and tells who wants to know.
    virtual void deliver() = 0;

private:
    friend class nestling::TaskHandle;

    class Start final : public Suspension {
    public:
        explicit Start(TaskRoot& root) noexcept : root_(root) {}

    private:
        friend class TaskRoot;
        void woken() override;
        TaskRoot& root_;
    };

    void settle();
    void finish() noexcept;
    /// The handle is gone: so is the task, as soon as none of it runs, here or elsewhere.
    void doom();

    Context& home_;
    const char* name_;
    std::stop_token stop_;
    std::mutex hops_;
    Start start_;
    TaskHandle* holder_ = nullptr;
    std::size_t running_ = 0;
    /// Tasks of it that have gone to another context, not counting those that these wait for.
    std::size_t away_ = 0;
    bool has_ended_ = false;
    bool is_doomed_ = false;
    /// Somebody waits until it may be destroyed, and does that.
    bool is_waited_for_ = false;
    bool is_over_ = false;
};

}  // namespace async
}  // namespace nestling
