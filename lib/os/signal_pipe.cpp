// SPDX-License-Identifier: MIT
// Signals by a handler that writes them into a pipe. All that a handler can reach are variables of the process.
#include <fcntl.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>

#include "os/fork_guard.hpp"
#include "os/notifier_fds.hpp"
#include "os/signal_set.hpp"
#include "os/signal_source.hpp"

namespace nestling::os {

namespace {

/// What a handler was before ours; `users` sources want ours.
struct Handled {
    unsigned users = 0;
    struct sigaction before {};
};

struct PipeOfProcess {
    std::mutex mutex;
    std::array<Handled, signal_limit> handled;
    OwnedFd read_end;
    OwnedFd write_end;
    ForkGuard fork;
    /// Of the process that this one was forked from: its handlers are still in place here.
    const PipeOfProcess* inherited = nullptr;
};

// Never freed: a handler may be running on any thread at any time.
std::atomic<PipeOfProcess*> the_pipe{nullptr};
/// One bit for each signal that found the pipe full.
std::atomic<std::uint64_t> lost_signals{0};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

SignalInfo info_of(const siginfo_t& from) noexcept {
    SignalInfo info;
    info.number = from.si_signo;
    info.code = from.si_code;
    info.fd = -1;
    if (from.si_signo == SIGIO && from.si_code > 0) {
        info.fd = from.si_fd;
        return info;
    }
    info.pid = from.si_pid;
    info.uid = from.si_uid;
    if (from.si_signo == SIGCHLD) {
        info.status = from.si_status;
    } else {
        info.value = from.si_value.sival_int;
    }
    return info;
}

bool put(const PipeOfProcess& pipe, const SignalInfo& info) noexcept {
    ssize_t written = -1;
    do {
        written = ::write(pipe.write_end.get(), &info, sizeof info);
    } while (written < 0 && errno == EINTR);
    return written > 0;
}

/// A signal handler.
void handle(int number, siginfo_t* from, void*) noexcept {
    const int saved = errno;
    PipeOfProcess* const pipe = the_pipe.load();
    if (pipe->fork.in_child()) {
        // Nobody here reads the pipe, and the parent must not: the signal has the effect that it had before.
        ::sigaction(number, &pipe->handled[static_cast<std::size_t>(number)].before, nullptr);
        static_cast<void>(::raise(number));
        errno = saved;
        return;
    }
    if (!put(*pipe, info_of(*from))) {
        lost_signals.fetch_or(std::uint64_t{1} << (number - 1));
        // Who has emptied the pipe meanwhile may have looked for lost ones already.
        static_cast<void>(put(*pipe, SignalInfo()));
    }
    errno = saved;
}

class SignalPipe final : public SignalSource {
public:
    SignalPipe(PipeOfProcess& pipe, OwnedFd fd, const sigset_t& signals) noexcept
        : SignalSource(std::move(fd), SignalForm::handler), pipe_(pipe), signals_(signals) {
        for_each([this](int number, Handled& handled) {
            if (handled.users++ == 0) {
                install(number, handled);
            }
        });
    }
    SignalPipe(const SignalPipe&) = delete;
    SignalPipe& operator=(const SignalPipe&) = delete;
    ~SignalPipe() override {
        if (pipe_.fork.in_child()) {
            return;
        }
        for_each([](int number, Handled& handled) {
            if (--handled.users == 0) {
                ::sigaction(number, &handled.before, nullptr);
            }
        });
    }

    std::optional<SignalInfo> take() noexcept override {
        SignalInfo info;
        ssize_t got = -1;
        do {
            got = ::read(fd(), &info, sizeof info);
        } while ((got < 0 && errno == EINTR) || (got > 0 && info.number == 0));
        if (got == static_cast<ssize_t>(sizeof info)) {
            return info;
        }
        return take_lost();
    }

private:
    void install(int number, Handled& handled) const noexcept {
        struct sigaction ours {};
        ours.sa_sigaction = &handle;
        ours.sa_flags = SA_SIGINFO | SA_RESTART;
        ::sigfillset(&ours.sa_mask);
        ::sigaction(number, &ours, &handled.before);
        if (handled.before.sa_sigaction == &handle && pipe_.inherited != nullptr) {
            handled.before = pipe_.inherited->handled[static_cast<std::size_t>(number)].before;
        }
    }

    template <class F>
    void for_each(F act) noexcept {
        const std::lock_guard lock(pipe_.mutex);
        for (int number = 1; number != signal_limit; ++number) {
            if (has_signal(signals_, number)) {
                act(number, pipe_.handled[static_cast<std::size_t>(number)]);
            }
        }
    }

    static std::optional<SignalInfo> take_lost() noexcept {
        std::uint64_t lost = lost_signals.load();
        while (lost != 0) {
            const std::uint64_t first = lost & (~lost + 1);
            if (lost_signals.compare_exchange_weak(lost, lost & ~first)) {
                SignalInfo info;
                info.number = 1 + __builtin_ctzll(first);
                return info;
            }
        }
        return std::nullopt;
    }

    PipeOfProcess& pipe_;
    const sigset_t signals_;
};

PipeOfProcess* make_pipe(std::error_code& error) {
    auto fresh = std::make_unique<PipeOfProcess>();
    NotifierFds ends = create_pipe(error);
    if (error) {
        return nullptr;
    }
    fresh->read_end = std::move(ends.read);
    fresh->write_end = std::move(ends.write);
    PipeOfProcess* now = the_pipe.load();
    if (now != nullptr && !now->fork.in_child()) {
        return now;
    }
    fresh->inherited = now;
    return the_pipe.compare_exchange_strong(now, fresh.get()) ? fresh.release() : now;
}

}  // namespace

std::unique_ptr<SignalSource> make_signal_pipe(const sigset_t& signals, std::error_code& error) {
    PipeOfProcess* pipe = the_pipe.load();
    if (pipe == nullptr || pipe->fork.in_child()) {
        pipe = make_pipe(error);
        if (pipe == nullptr) {
            return nullptr;
        }
    }
    // Each has a descriptor of its own, because a context has one handler for each.
    OwnedFd fd(::fcntl(pipe->read_end.get(), F_DUPFD_CLOEXEC, 0));
    if (!fd) {
        error.assign(errno, std::generic_category());
        return nullptr;
    }
    return std::make_unique<SignalPipe>(*pipe, std::move(fd), signals);
}

}  // namespace nestling::os
