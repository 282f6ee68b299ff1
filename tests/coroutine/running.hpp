// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/coroutines.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "unit/until.hpp"

namespace nestling::testing {

/// Home thread. Runs `task` in `context`, with everything it waits for, and gives what it returns or throws what it
/// throws.
template <class T>
T run(Context& context, Task<T> task, std::stop_token stop = {}) {
    std::optional<TaskOutcome<T>> ended;
    spawn(
        context, "run", std::move(task), [&ended](TaskOutcome<T> outcome) { ended.emplace(std::move(outcome)); },
        std::move(stop));
    poll_until(context, [&ended] { return ended.has_value(); });
    if constexpr (std::is_void_v<T>) {
        static_cast<void>(ended->value());
    } else {
        return std::move(ended->value());
    }
}

/// Home thread. Iterates without sleep until `condition`, which another thread makes true.
template <class Condition>
void look_until(Context& context, Condition condition) {
    while (!condition()) {
        context.poll(Wait::none);
        std::this_thread::yield();
    }
}

/// Home thread. Runs everything that can run now.
inline void settle(Context& context) {
    while (context.poll(Wait::none)) {
    }
}

/// The code of the std::system_error that `call` throws, or none.
template <class Call>
std::error_code code_of(Call call) {
    try {
        call();
    } catch (const std::system_error& error) {
        return error.code();
    }
    return {};
}

/// Counts those that live.
class Counted {
public:
    explicit Counted(int& living) : living_(&living) { ++*living_; }
    Counted(Counted&& other) noexcept : living_(other.living_) { ++*living_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --*living_; }

private:
    int* living_;
};

}  // namespace nestling::testing
