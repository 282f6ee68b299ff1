// SPDX-License-Identifier: MIT
#include <nestling/bottom_half.hpp>
#include <nestling/call_in.hpp>
#include <nestling/wait.hpp>

#include "loop/blocked_threads.hpp"
#include "loop/context_core.hpp"
#include "loop/removal.hpp"

namespace nestling {

struct CallIn::State {
    State(Context& context, Callback<void()> call) : target(context), body(std::move(call)) {}

    /// Goes with the post: whoever destroys that, after the call or instead of it, ends the wait.
    class Ticket {
    public:
        explicit Ticket(State& state) noexcept : state_(&state) {}
        Ticket(Ticket&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
        Ticket(const Ticket&) = delete;
        Ticket& operator=(Ticket&&) = delete;
        Ticket& operator=(const Ticket&) = delete;
        ~Ticket() {
            if (state_ != nullptr) {
                state_->end();
            }
        }
        void call() const { state_->body(); }

    private:
        State* state_;
    };

    void post() {
        target.post("call_in", [ticket = Ticket(*this)] { ticket.call(); });
    }

    /// The last act: the state, and the waiter's own context, may go as soon as the waiter sees it.
    void end() noexcept {
        if (reply) {
            reply.schedule();
        }
        ended.set();
    }

    Context& target;
    Callback<void()> body;
    /// Of who iterates.
    BottomHalf reply;
    bool is_over = false;
    loop::OneTimeSignal ended;
};

CallIn::CallIn(Context& target, Callback<void()> body) : state_(std::make_unique<State>(target, std::move(body))) {}
CallIn::~CallIn() = default;

void CallIn::block() {
    const loop::BlockedOn blocked(state_->target.core(), "call_in()");
    state_->post();
    state_->ended.wait();
}

void CallIn::iterate(Context& own) {
    state_->reply = BottomHalf(own, "call_in", [state = state_.get()] { state->is_over = true; });
    state_->post();
    wait_while(own, [this] { return !state_->is_over; });
    // The other thread is on its way out of the same function.
    state_->ended.wait();
}

}  // namespace nestling
