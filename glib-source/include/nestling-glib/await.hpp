// SPDX-License-Identifier: MIT
#pragma once

// Needs gio-2.0 beside nestling-glib, which does not need it itself: all of this is in the header.
#include <gio/gio.h>

#include <memory>
#include <mutex>
#include <utility>

#include <nestling/coroutine.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>

namespace nestling::glib {

struct ObjectUnref {
    void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
/// A reference to a GObject, or to an interface of one.
template <class T>
using ObjectPtr = std::unique_ptr<T, ObjectUnref>;

/// What a GAsyncReadyCallback was called with; for the finish function that belongs to it.
struct AsyncReady {
    /// Null for functions that have no object.
    ObjectPtr<GObject> source;
    ObjectPtr<GAsyncResult> result;
};

/// What await_ready() returns.
template <class Start>
class [[nodiscard]] AwaitReady final : async::Suspension {
public:
    explicit AwaitReady(Start start) : start_(std::move(start)) {}
    ~AwaitReady() override {
        if (call_ == nullptr) {
            return;
        }
        {
            const std::lock_guard lock(call_->mutex);
            call_->task = nullptr;
        }
        cancel();
    }

    [[nodiscard]] static bool await_ready() noexcept { return false; }
    template <async::TaskPromise Promise>
    bool await_suspend(std::coroutine_handle<Promise> task) {
        return start(task.promise());
    }
    AsyncReady await_resume() {
        if (call_ == nullptr) {
            throw_stopped();
        }
        finish();
        const std::lock_guard lock(call_->mutex);
        cancellable_.reset();
        return std::move(call_->ready);
    }

private:
    /// Between the task and GLib, which calls back once, sooner or later, on whichever thread.
    struct Call {
        std::mutex mutex;
        /// Null when it is gone.
        AwaitReady* task;
        bool has_ended = false;
        AsyncReady ready;
    };

    bool start(async::TaskFrame& task) {
        if (!begin(task)) {
            return false;
        }
        task.need_wake();
        cancellable_.reset(g_cancellable_new());
        call_ = std::make_shared<Call>();
        call_->task = this;
        auto data = std::make_unique<std::shared_ptr<Call>>(call_);
        start_(cancellable_.get(), &called_back, data.get());
        // The callback's now, or gone already.
        static_cast<void>(data.release());
        suspend();
        return true;
    }

    static void called_back(GObject* source, GAsyncResult* result, gpointer data) {
        const std::unique_ptr<std::shared_ptr<Call>> owned(static_cast<std::shared_ptr<Call>*>(data));
        Call& call = **owned;
        const std::lock_guard lock(call.mutex);
        if (call.task == nullptr) {
            return;
        }
        if (source != nullptr) {
            call.ready.source.reset(G_OBJECT(g_object_ref(source)));
        }
        call.ready.result.reset(G_ASYNC_RESULT(g_object_ref(result)));
        call.has_ended = true;
        // Not here and now: GLib is in the midst of something, and knows nothing of exceptions.
        call.task->wake();
    }

    void woken() override {
        bool has_ended;
        {
            const std::lock_guard lock(call_->mutex);
            has_ended = call_->has_ended;
        }
        if (has_ended) {
            resume();
        } else {
            // The end comes with the callback.
            cancel();
        }
    }

    void cancel() noexcept {
        if (cancellable_ != nullptr) {
            g_cancellable_cancel(cancellable_.get());
        }
    }

    Start start_;
    ObjectPtr<GCancellable> cancellable_;
    std::shared_ptr<Call> call_;
};

/// In a Task: `co_await await_ready(start)` calls `start(GCancellable*, GAsyncReadyCallback, gpointer)`, which passes
/// these on to an asynchronous function of GIO or of anybody, and goes on when that has called back:
///
///     const AsyncReady ready = co_await await_ready([&](GCancellable* cancellable, GAsyncReadyCallback callback,
///                                                       gpointer data) {
///         g_file_load_bytes_async(file, cancellable, callback, data);
///     });
///
/// A task that is to stop cancels the GCancellable on its home thread, and goes on when the function has called back,
/// as that always does; what the finish function says then tells what became of it. A task that is destroyed cancels as
/// well and does not wait: what was given to the function (a buffer to read into) must outlive its callback, so it must
/// not belong to the task.
///
/// Functions of GIO call back in the thread-default GMainContext of the thread that called them: the one that the
/// task's context is nested in, or another one that is iterated, on whichever thread.
template <class Start>
[[nodiscard]] AwaitReady<Start> await_ready(Start start) {
    return AwaitReady<Start>(std::move(start));
}

}  // namespace nestling::glib
