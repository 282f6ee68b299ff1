// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <system_error>
#include <type_traits>
#include <utility>
#include <variant>

namespace nestling {

/// What became of a call that somebody else made: a value, an exception, or neither because it was cancelled.
template <class T>
class Outcome {
public:
    using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

    [[nodiscard]] bool cancelled() const noexcept { return state_.index() == 0; }
    [[nodiscard]] bool failed() const noexcept { return state_.index() == 2; }
    [[nodiscard]] std::exception_ptr error() const { return failed() ? std::get<2>(state_) : nullptr; }
    /// The value. Rethrows what the call threw; throws std::system_error operation_canceled if it was cancelled.
    Value& value() {
        if (failed()) {
            std::rethrow_exception(std::get<2>(state_));
        }
        if (cancelled()) {
            throw std::system_error(std::make_error_code(std::errc::operation_canceled));
        }
        return std::get<1>(state_);
    }
    /// As value(), and gives it away.
    T take() && {
        if constexpr (std::is_void_v<T>) {
            value();
        } else {
            return std::move(value());
        }
    }

    template <class Work>
    void run(Work& work) noexcept {
        try {
            if constexpr (std::is_void_v<T>) {
                work();
                state_.template emplace<1>();
            } else {
                state_.template emplace<1>(work());
            }
        } catch (...) {
            state_.template emplace<2>(std::current_exception());
        }
    }

private:
    std::variant<std::monostate, Value, std::exception_ptr> state_;
};

}  // namespace nestling
