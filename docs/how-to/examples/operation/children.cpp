// SPDX-License-Identifier: MIT
// Runs the command that it is given, and exits as that does.
#include <spawn.h>
#include <csignal>
#include <nestling/nestling.hpp>

#include <cstdio>
#include <optional>

namespace {

pid_t start(char** command, char** environment) {
    // What is blocked here would be blocked there for ever: a SIGTERM would not end it.
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t pid = -1;
    const int error = posix_spawnp(&pid, command[0], nullptr, &attributes, command, environment);
    posix_spawnattr_destroy(&attributes);
    return error == 0 ? pid : -1;
}

}  // namespace

int main(int argument_count, char** arguments, char** environment) {
    const nestling::BlockedSignals blocked({SIGTERM});
    const pid_t pid = argument_count > 1 ? start(arguments + 1, environment) : -1;
    if (pid < 0) {
        std::puts("nothing to run");
        return 127;
    }
    nestling::Context context;
    std::optional<nestling::ChildStatus> status;
    const nestling::ChildWatch child(context, pid, "child", [&](nestling::ChildStatus end) { status = end; });
    const nestling::SignalWatch forward(context, {SIGTERM}, "forward",
                                        [&](const nestling::SignalInfo&) { ::kill(child.pid(), SIGTERM); });
    while (!status) {
        context.poll(nestling::Wait::block);
    }
    const bool by_itself = status->kind == nestling::ChildStatus::Kind::exited;
    std::printf("%s %d\n", by_itself ? "exited with" : "ended by signal", status->value);
    return by_itself ? status->value : 128 + status->value;
}
