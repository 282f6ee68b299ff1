// SPDX-License-Identifier: MIT
#include "operation/test_child.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace nestling::testing {

TestChild::TestChild(int exit_code) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe for the child");
    }
    pid_ = ::fork();
    if (pid_ < 0) {
        throw std::runtime_error("no child process");
    }
    if (pid_ == 0) {
        ::close(ends[1]);
        char byte = 0;
        while (::read(ends[0], &byte, 1) < 0 && errno == EINTR) {
        }
        ::_exit(exit_code);
    }
    ::close(ends[0]);
    gate_ = ends[1];
}

TestChild::~TestChild() {
    siginfo_t info{};
    // Only if it is still ours: the number may belong to somebody else by now.
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0) {
        ::kill(pid_, SIGKILL);
        reap();
    }
    if (gate_ >= 0) {
        ::close(gate_);
    }
}

void TestChild::let_go() {
    if (gate_ >= 0) {
        // To close it would not do: children that were started later have it open.
        static_cast<void>(::write(gate_, "", 1) == 1);
        ::close(std::exchange(gate_, -1));
    }
}

void TestChild::let_end() {
    let_go();
    siginfo_t info{};
    while (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
}

bool TestChild::reap() {
    pid_t got = -1;
    do {
        got = ::waitpid(pid_, nullptr, 0);
    } while (got < 0 && errno == EINTR);
    return got == pid_;
}

}  // namespace nestling::testing
