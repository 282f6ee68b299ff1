// SPDX-License-Identifier: MIT
#include <nestling/fd_handler.hpp>
#include <nestling/signal_watch.hpp>

#include <optional>
#include <utility>

#include "async/signal_hub.hpp"
#include "loop/context_core.hpp"
#include "os/signal_set.hpp"
#include "os/signal_source.hpp"

namespace nestling {

namespace {

std::unique_ptr<os::SignalSource> make_source(const sigset_t& signals, const char* name) {
    std::error_code error;
    std::unique_ptr<os::SignalSource> source = os::make_signalfd(signals, error);
    if (source == nullptr && error == std::errc::function_not_supported) {
        error.clear();
        source = os::make_signal_pipe(signals, error);
    }
    if (source == nullptr) {
        throw std::system_error(error, std::string("nestling: cannot watch signals for \"") + name + "\"");
    }
    return source;
}

}  // namespace

/// Held by the handle and by what the context may still call.
struct SignalWatch::State : async::SignalListener, std::enable_shared_from_this<SignalWatch::State> {
    State(const sigset_t& signals, std::unique_ptr<os::SignalSource> from, Callback<void(const SignalInfo&)> call)
        : SignalListener(signals, from->form()), source(std::move(from)), callback(std::move(call)) {}

    static void open(const std::shared_ptr<State>& state, Context& context, const char* name) {
        state->told_ = BottomHalf(context, name, [state] { state->deliver(); });
        state->readable = FdHandler(context, state->source->fd(), name,
                                    {.read = [state] { state->read(); }, .write = {}, .poll = {}, .poll_ready = {}});
        state->hub().add(*state);
    }

    void close() noexcept {
        hub().remove(*this);
        // The system's end of it goes when nothing looks at the descriptor any more: it belongs to the state.
        readable = FdHandler();
        told_ = BottomHalf();
    }

    [[nodiscard]] SignalForm form() const noexcept { return signal_form(); }

    static async::SignalHub& hub() { return async::SignalHub::of_process(); }

    void read() {
        while (const std::optional<SignalInfo> info = source->take()) {
            hub().tell(*info);
        }
        deliver();
    }

    /// A callback may iterate, throw, and destroy the watch: before each the rest is in reach of the next iteration.
    void deliver() {
        const std::shared_ptr<State> self = shared_from_this();
        SignalInfo info;
        while (hub().take(*self, info)) {
            callback(info);
        }
    }

    std::unique_ptr<os::SignalSource> source;
    Callback<void(const SignalInfo&)> callback;
    FdHandler readable;
};

SignalWatch::SignalWatch() noexcept = default;

SignalWatch::SignalWatch(Context& context, std::initializer_list<int> signals, const char* name,
                         Callback<void(const SignalInfo&)> callback) {
    context.core().assert_home("SignalWatch");
    const sigset_t set = os::signal_set(signals);
    auto state = std::make_shared<State>(set, make_source(set, name), std::move(callback));
    try {
        State::open(state, context, name);
    } catch (...) {
        state->close();
        throw;
    }
    state_ = std::move(state);
}

SignalWatch::SignalWatch(SignalWatch&& other) noexcept = default;

SignalWatch& SignalWatch::operator=(SignalWatch&& other) noexcept {
    std::swap(state_, other.state_);
    const SignalWatch old(std::move(other));
    return *this;
}

SignalWatch::~SignalWatch() {
    if (state_ != nullptr) {
        state_->close();
    }
}

SignalForm SignalWatch::form() const noexcept {
    return state_->form();
}

}  // namespace nestling
