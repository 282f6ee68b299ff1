// SPDX-License-Identifier: MIT
#include <sys/signalfd.h>

#include <cerrno>

#include "os/signal_source.hpp"

namespace nestling::os {

namespace {

class SignalFd final : public SignalSource {
public:
    explicit SignalFd(OwnedFd fd) noexcept : SignalSource(std::move(fd), SignalForm::signalfd) {}

    std::optional<SignalInfo> take() noexcept override {
        signalfd_siginfo from{};
        ssize_t got = -1;
        do {
            got = ::read(fd(), &from, sizeof from);
        } while (got < 0 && errno == EINTR);
        if (got != static_cast<ssize_t>(sizeof from)) {
            return std::nullopt;
        }
        SignalInfo info;
        info.number = static_cast<int>(from.ssi_signo);
        info.code = from.ssi_code;
        info.pid = static_cast<pid_t>(from.ssi_pid);
        info.uid = from.ssi_uid;
        info.status = from.ssi_status;
        info.fd = info.number == SIGIO && info.code > 0 ? from.ssi_fd : -1;
        info.value = from.ssi_int;
        return info;
    }
};

}  // namespace

std::unique_ptr<SignalSource> make_signalfd(const sigset_t& signals, std::error_code& error) {
    OwnedFd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) {
        error.assign(errno, std::generic_category());
        return nullptr;
    }
    return std::make_unique<SignalFd>(std::move(fd));
}

}  // namespace nestling::os
