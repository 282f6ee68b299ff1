// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/outcome.hpp>

namespace nestling {

/// One call that is made on another thread; what call_in() is made of.
class NESTLING_API CallIn {
public:
    CallIn(Context& target, Callback<void()> body);
    CallIn(const CallIn&) = delete;
    CallIn& operator=(const CallIn&) = delete;
    ~CallIn();

    /// Any thread. Runs the body in `target` and blocks until it has run or was dropped with the context. Aborts if
    /// this can never end, because the home thread of `target` blocks in the same way until this thread has done
    /// something.
    void block();
    /// Home thread of `own`, which goes on iterating meanwhile.
    void iterate(Context& own);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Any thread. Runs `f()` on the home thread of `target`, in its next iteration, and blocks until it has: returns what
/// it returns and throws what it throws. On that thread itself it is called here and now. Throws std::system_error
/// operation_canceled when `target` is destroyed before. Blocking serves nobody: two home threads that call each other
/// so would wait for ever, which is found out and ends the process, naming the context. A home thread uses the other
/// form.
template <class F>
std::invoke_result_t<F&> call_in(Context& target, F f) {
    if (target.is_home()) {
        return f();
    }
    Outcome<std::invoke_result_t<F&>> outcome;
    CallIn call(target, [&] { outcome.run(f); });
    call.block();
    return std::move(outcome).take();
}

/// Home thread of `own`. The same, but `own` is iterated meanwhile, so that both may call each other, and its handlers
/// are served.
template <class F>
std::invoke_result_t<F&> call_in(Context& own, Context& target, F f) {
    own.assert_home();
    if (target.is_home()) {
        return f();
    }
    Outcome<std::invoke_result_t<F&>> outcome;
    CallIn call(target, [&] { outcome.run(f); });
    call.iterate(own);
    return std::move(outcome).take();
}

}  // namespace nestling
