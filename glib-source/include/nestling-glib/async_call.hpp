// SPDX-License-Identifier: MIT
#pragma once

// Needs gio-2.0 beside nestling-glib, which does not need it itself: all of this is in the header.
#include <gio/gio.h>

#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <utility>

#include <nestling-glib/await.hpp>
#include <nestling/task.hpp>

namespace nestling::glib {

/// A GError, thrown.
class Failure : public std::runtime_error {
public:
    explicit Failure(const GError& error)
        : std::runtime_error(error.message), domain_(error.domain), code_(error.code) {}

    [[nodiscard]] GQuark domain() const noexcept { return domain_; }
    [[nodiscard]] int code() const noexcept { return code_; }
    [[nodiscard]] bool matches(GQuark domain, int code) const noexcept { return domain_ == domain && code_ == code; }

private:
    GQuark domain_;
    int code_;
};

/// For functions that take a GError**: throws what they left there.
class ErrorOut {
public:
    ErrorOut() noexcept = default;
    ErrorOut(const ErrorOut&) = delete;
    ErrorOut& operator=(const ErrorOut&) = delete;
    ~ErrorOut() { g_clear_error(&error_); }

    [[nodiscard]] GError** get() noexcept { return &error_; }
    /// Throws Failure if there is an error; std::system_error, operation_canceled, if that is G_IO_ERROR_CANCELLED,
    /// which is how a task that was stopped ends.
    void check() const {
        if (error_ == nullptr) {
            return;
        }
        if (g_error_matches(error_, G_IO_ERROR, G_IO_ERROR_CANCELLED) != FALSE) {
            throw std::system_error(std::make_error_code(std::errc::operation_canceled), error_->message);
        }
        throw Failure(*error_);
    }

private:
    GError* error_ = nullptr;
};

/// A pair of an asynchronous function and its finish function, as one task: `start` as for await_ready(), and
/// `finish(GObject* source, GAsyncResult*, GError**)`, whose result is the task's. Throws as ErrorOut::check() does.
template <class Start, class Finish>
Task<std::invoke_result_t<Finish&, GObject*, GAsyncResult*, GError**>> async_call(Start start, Finish finish) {
    const AsyncReady ready = co_await await_ready(std::move(start));
    ErrorOut error;
    if constexpr (std::is_void_v<std::invoke_result_t<Finish&, GObject*, GAsyncResult*, GError**>>) {
        finish(ready.source.get(), ready.result.get(), error.get());
        error.check();
    } else {
        auto result = finish(ready.source.get(), ready.result.get(), error.get());
        error.check();
        co_return result;
    }
}

}  // namespace nestling::glib
