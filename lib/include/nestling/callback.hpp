// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace nestling {

/// A callable that is moved, never copied: two words are stored in place, anything larger on the heap.
/// Calling an empty one is undefined; test it with `if (callback)`.
template <class Signature>
class Callback;

template <class Result, class... Args>
class Callback<Result(Args...)> {
    static constexpr std::size_t capacity = 2 * sizeof(void*);

    struct Operations {
        Result (*invoke)(void* storage, Args... args);
        /// Null where copying the bytes does it.
        void (*relocate)(void* from, void* to) noexcept;
        /// Null where there is nothing to do.
        void (*destroy)(void* storage) noexcept;
    };

    static constexpr bool has_room(std::size_t size, std::size_t alignment) noexcept {
        return size <= capacity && alignment <= alignof(void*);
    }

    template <class F>
    static constexpr bool fits = has_room(sizeof(F), alignof(F)) && std::is_nothrow_move_constructible_v<F>;

    /// A result that nobody wants is dropped.
    template <class F>
    static Result call(F& callable, Args&&... args) {
        if constexpr (std::is_void_v<Result>) {
            static_cast<void>(callable(std::forward<Args>(args)...));
        } else {
            return callable(std::forward<Args>(args)...);
        }
    }

    template <class F>
    struct Inline {
        static F& self(void* storage) noexcept { return *std::launder(static_cast<F*>(storage)); }
        static Result invoke(void* storage, Args... args) { return call(self(storage), std::forward<Args>(args)...); }
        static void relocate(void* from, void* to) noexcept {
            ::new (to) F(std::move(self(from)));
            self(from).~F();
        }
        static void destroy(void* storage) noexcept { self(storage).~F(); }
        static constexpr Operations operations{&invoke, std::is_trivially_copyable_v<F> ? nullptr : &relocate,
                                               std::is_trivially_destructible_v<F> ? nullptr : &destroy};
    };

    template <class F>
    struct Boxed {
        static F*& self(void* storage) noexcept { return *std::launder(static_cast<F**>(storage)); }
        static Result invoke(void* storage, Args... args) { return call(*self(storage), std::forward<Args>(args)...); }
        static void destroy(void* storage) noexcept { delete self(storage); }
        static constexpr Operations operations{&invoke, nullptr, &destroy};
    };

public:
    Callback() noexcept = default;
    Callback(std::nullptr_t) noexcept {}

    template <class F, class D = std::decay_t<F>,
              class = std::enable_if_t<!std::is_same_v<D, Callback> && std::is_invocable_r_v<Result, D&, Args...>>>
    Callback(F&& callable) {
        if constexpr (fits<D>) {
            if constexpr (sizeof(D) < capacity) {
                // Whoever moves this copies all bytes.
                std::memset(storage_, 0, capacity);
            }
            ::new (static_cast<void*>(storage_)) D(std::forward<F>(callable));
            operations_ = &Inline<D>::operations;
        } else {
            std::memset(storage_, 0, capacity);
            ::new (static_cast<void*>(storage_)) D*(new D(std::forward<F>(callable)));
            operations_ = &Boxed<D>::operations;
        }
    }

    Callback(Callback&& other) noexcept { take(other); }

    Callback& operator=(Callback&& other) noexcept {
        if (this != &other) {
            reset();
            take(other);
        }
        return *this;
    }

    Callback(const Callback&) = delete;
    Callback& operator=(const Callback&) = delete;

    ~Callback() { reset(); }

    void reset() noexcept {
        const Operations* operations = std::exchange(operations_, nullptr);
        if (operations != nullptr && operations->destroy != nullptr) {
            operations->destroy(storage_);
        }
    }

    explicit operator bool() const noexcept { return operations_ != nullptr; }

    Result operator()(Args... args) { return operations_->invoke(storage_, std::forward<Args>(args)...); }

private:
    void take(Callback& other) noexcept {
        operations_ = std::exchange(other.operations_, nullptr);
        if (operations_ == nullptr) {
            return;
        }
        if (operations_->relocate != nullptr) {
            operations_->relocate(other.storage_, storage_);
        } else {
            std::memcpy(storage_, other.storage_, capacity);
        }
    }

    alignas(void*) std::byte storage_[capacity];
    const Operations* operations_ = nullptr;
};

}  // namespace nestling
