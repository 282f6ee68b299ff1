// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutine.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>

#include <nestling/annotations.hpp>
#include <nestling/task_frame.hpp>

namespace nestling::async {

/// A stop source whose stop is also requested when that of an outer token is.
class StopScope {
public:
    explicit StopScope(const std::stop_token& outer) : on_outer_(outer, Forward{source_}) {}
    StopScope(const StopScope&) = delete;
    StopScope& operator=(const StopScope&) = delete;

    /// Any thread.
    void request_stop() noexcept { source_.request_stop(); }
    [[nodiscard]] const std::stop_token& token() const noexcept { return token_; }

private:
    struct Forward {
        std::stop_source source;
        void operator()() noexcept { source.request_stop(); }
    };

    std::stop_source source_;
    std::stop_token token_ = source_.get_token();
    std::stop_callback<Forward> on_outer_;
};

/// Many tasks that one waits for. Home thread of that one.
class NESTLING_API TaskGroup {
public:
    enum class StopOthers : std::uint8_t { when_one_fails, when_one_ends };

    /// `outer` is the task that is going to wait.
    TaskGroup(TaskFrame& outer, StopOthers when) : outer_(outer), scope_(outer.stop()), when_(when) {}
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts what is to be waited for. `task` must not be empty, and lives until this is gone.
    void start(TaskOwner& task);

    /// `co_await group.all_ended()`, once.
    class AllEnded {
    public:
        explicit AllEnded(TaskGroup& group) noexcept : group_(group) {}
        [[nodiscard]] static bool await_ready() noexcept { return false; }
        [[nodiscard]] bool await_suspend(std::coroutine_handle<> /*outer*/) noexcept { return --group_.left_ != 0; }
        void await_resume() const noexcept {}

    private:
        TaskGroup& group_;
    };
    [[nodiscard]] AllEnded all_ended() noexcept { return AllEnded(*this); }

    /// The first that failed or, if one ends the others, the first that ended; or null.
    [[nodiscard]] TaskFrame* first() const noexcept { return first_; }

    /// For the tasks. True for the last of them.
    [[nodiscard]] bool ended(TaskFrame& task) noexcept;

private:
    TaskFrame& outer_;
    StopScope scope_;
    /// With one for who waits, who might not have begun to.
    std::size_t left_ = 1;
    TaskFrame* first_ = nullptr;
    StopOthers when_;
};

}  // namespace nestling::async
