// SPDX-License-Identifier: MIT
#include "model/explorer/fiber.hpp"

#include <ucontext.h>

#include <cstdint>
#include <system_error>

namespace nestling::model {

namespace {

constexpr std::size_t stack_size = std::size_t{128} * 1024;

}  // namespace

Fiber::Fiber(Entry entry, void* argument)
    : stack_(std::make_unique<char[]>(stack_size)), entry_(entry), argument_(argument) {
    ucontext_t context;
    if (getcontext(&context) != 0) {
        throw std::system_error(errno, std::generic_category(), "getcontext");
    }
    context.uc_stack.ss_sp = stack_.get();
    context.uc_stack.ss_size = stack_size;
    context.uc_link = nullptr;
    const auto self = reinterpret_cast<std::uintptr_t>(this);
    // makecontext() passes ints only.
    makecontext(&context, reinterpret_cast<void (*)()>(&Fiber::first), 2, static_cast<unsigned>(self >> 32U),
                static_cast<unsigned>(self));
    if (_setjmp(creator_) == 0) {
        setcontext(&context);
    }
}

void Fiber::first(unsigned high, unsigned low) noexcept {
    reinterpret_cast<Fiber*>((std::uintptr_t{high} << 32U) | low)->loop();
}

void Fiber::loop() noexcept {
    if (_setjmp(top_) == 0) {
        _longjmp(creator_, 1);
    }
    entry_(argument_);
}

void Fiber::start(jmp_buf& from) noexcept {
    if (_setjmp(from) == 0) {
        _longjmp(top_, 1);
    }
}

void Fiber::start_and_leave() noexcept {
    _longjmp(top_, 1);
}

void Fiber::resume(jmp_buf& from) noexcept {
    if (_setjmp(from) == 0) {
        _longjmp(here_, 1);
    }
}

void Fiber::resume_and_leave() noexcept {
    _longjmp(here_, 1);
}

}  // namespace nestling::model
