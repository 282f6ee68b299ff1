// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/callback.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "loop/handler_log.hpp"
#include "loop/longest_callback.hpp"
#include "loop/reporter.hpp"
#include "os/probes.hpp"

namespace nestling::loop {

/// The callbacks that are running now, innermost last. Home thread only.
///
/// A handle that is destroyed while its callback runs must outlive that call; the stack is where this is known.
class CallbackStack {
public:
    explicit CallbackStack(const Reporter& reporter) noexcept;
    CallbackStack(const CallbackStack&) = delete;
    CallbackStack& operator=(const CallbackStack&) = delete;
    ~CallbackStack();

    /// Where a node is dispatched: one for as long as this lives, or many in turn.
    class Frame {
    public:
        Frame(CallbackStack& stack, const void* node, const char* name) noexcept
            : stack_(stack), node_(node), name_(name), outer_(stack.top_) {
            stack_.top_ = this;
        }
        /// Of no node yet.
        explicit Frame(CallbackStack& stack) noexcept : Frame(stack, nullptr, "") {}
        Frame(const Frame&) = delete;
        Frame& operator=(const Frame&) = delete;
        ~Frame() {
            if (action_count_ != 0) {
                node_ = nullptr;
                finish();
            }
            stack_.top_ = outer_;
        }

        /// Dispatches `node`, and does what its callback has asked to be done afterwards.
        template <class F>
        void call(const void* node, const char* name, F& callback) noexcept {
            node_ = node;
            name_ = name;
            call(callback);
            node_ = nullptr;
            if (action_count_ != 0) {
                finish();
            }
        }

        /// The same of a node that has both, and is not timed. Until the next call, or rest(), it seems to be running.
        template <class Node>
        void call_next(Node& node) noexcept {
            node_ = &node;
            try {
                node.callback();
            } catch (...) {
                stack_.reporter_.exception(node.name);
            }
            if (action_count_ != 0) {
                name_ = node.name;
                node_ = nullptr;
                finish();
            }
        }
        void rest() noexcept { node_ = nullptr; }

        /// The same of what is no node, so that nobody can ask for anything. `name` is read when it is needed.
        template <class F>
        void call(const char* const& name, F& callback) noexcept {
            if (stack_.timed_) {
                name_ = name;
                call_timed(callback);
                return;
            }
            try {
                callback();
            } catch (...) {
                stack_.reporter_.exception(name);
            }
        }

        template <class F>
        void call(F& callback) noexcept {
            if (stack_.timed_) {
                call_timed(callback);
                return;
            }
            call_untimed(callback);
        }

        /// The same of a question to the handle, which no doctor hears of.
        template <class F>
        void ask(F& callback) noexcept {
            const std::int64_t begin = stack_.timed_ ? stack_.now() : 0;
            call_untimed(callback);
            if (stack_.timed_) {
                stack_.longest_.note(name_, stack_.now() - begin);
            }
        }

        /// The same, for who knows that it is not timed.
        template <class F>
        void call_untimed(F& callback) noexcept {
            try {
                callback();
            } catch (...) {
                stack_.reporter_.exception(name_);
            }
        }

    private:
        friend class CallbackStack;
        void add(Callback<void()> action);
        void finish() noexcept;
        void carry_out(Callback<void()>& action) noexcept;

        template <class F>
        void call_timed(F& callback) noexcept {
            Timing timing;
            stack_.begin_timed(timing, node_, name_);
            call_untimed(callback);
            stack_.end_timed(timing, name_);
        }

        CallbackStack& stack_;
        const void* node_;
        const char* name_;
        Frame* const outer_;
        std::size_t action_count_ = 0;
        // Enough for what a handle that is destroyed in its own callback asks for: that must not allocate. Without
        // objects until they are needed, because every callback has a frame and few have actions.
        union Actions {
            Actions() noexcept {}
            Actions(const Actions&) = delete;
            Actions& operator=(const Actions&) = delete;
            ~Actions() {}
            struct {
                std::array<Callback<void()>, 2> first;
                /// Once there are more actions than that.
                std::vector<Callback<void()>>* more;
            } of;
        } actions_;
    };

    [[nodiscard]] bool is_running(const void* node) const noexcept { return outermost(node) != nullptr; }
    [[nodiscard]] bool has_frames() const noexcept { return top_ != nullptr; }
    /// Of any node or of none.
    [[nodiscard]] bool is_calling() const noexcept { return has_frames() || frameless_ != 0; }

    /// Runs `action` when no callback of `node` is running: now, or when the outermost running one returns.
    void when_done(const void* node, Callback<void()> action);

    /// Calls what is no node and not timed. `name` is read when it is needed.
    template <class F>
    void call_without_frame(const char* const& name, F& callback) noexcept {
        ++frameless_;
        try {
            callback();
        } catch (...) {
            reporter_.exception(name);
        }
        --frameless_;
    }

    /// Whether the callbacks of this iteration are timed. They are if they are traced.
    void set_timed(bool timed) noexcept {
        if (is_trace_wanted()) [[unlikely]] {
            timed_ = true;
            begin_trace();
        } else {
            timed_ = timed;
            traced_ = false;
        }
    }
    [[nodiscard]] bool is_timed() const noexcept { return timed_; }
    /// A doctor, a tracer or a profiler wants to hear of each callback, iteration and sleep.
    [[nodiscard]] bool is_traced() const noexcept { return traced_; }
    [[nodiscard]] const LongestCallback& longest() const noexcept { return longest_; }

    /// An iteration is about to run callbacks.
    void begin_iteration(bool timed, HandlerLog::Waited waited) noexcept {
        if (is_trace_wanted()) [[unlikely]] {
            timed_ = true;
            begin_trace();
            trace_iteration(waited);
        } else {
            timed_ = timed;
            traced_ = false;
        }
    }
    void end_iteration(bool progress) const noexcept {
        if (traced_) [[unlikely]] {
            trace_end(progress);
        }
    }
    /// Around a wait that may sleep, until `deadline` if that is not negative.
    void trace_sleep(std::int64_t deadline) const noexcept;
    void trace_wake() const noexcept;
    /// After a traced call of a descriptor that had one of `events`.
    void look_again(int fd, std::uint32_t events) noexcept;

    // ---- Any thread ----

    /// From some next iteration on callbacks are logged, until unwatch() is called as often. Throws std::bad_alloc.
    HandlerLog& watch();
    void unwatch() noexcept;
    [[nodiscard]] bool has_doctor() const noexcept { return watchers_.load() != profilers_; }

private:
    struct Timing {
        std::int64_t begin;
        HandlerLog::Call call;
    };

    [[nodiscard]] Frame* outermost(const void* node) const noexcept;
    [[nodiscard]] static std::int64_t now() noexcept;
    void begin_timed(Timing& timing, const void* node, const char* name) noexcept;
    void end_timed(Timing& timing, const char* name) noexcept;
    [[nodiscard]] bool is_trace_wanted() const noexcept {
        // RELAXED who watches waits for an iteration that has seen it, and for nothing else.
        return (watchers_.load(std::memory_order_relaxed) | os::probes::users()) != 0;
    }
    [[gnu::cold]] void begin_trace() noexcept;
    [[gnu::cold]] void trace_iteration(HandlerLog::Waited waited) const noexcept;
    [[gnu::cold]] void trace_end(bool progress) const noexcept;

    const Reporter& reporter_;
    Frame* top_ = nullptr;
    unsigned frameless_ = 0;
    bool timed_ = false;
    bool traced_ = false;
    /// 1 if a profiler was there from the start.
    const unsigned profilers_;
    /// Doctors and profilers.
    std::atomic<unsigned> watchers_;
    LongestCallback longest_;
    /// Made for the first doctor, and kept: the home thread may be writing when the last one goes.
    std::atomic<HandlerLog*> log_{nullptr};
};

}  // namespace nestling::loop
