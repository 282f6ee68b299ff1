// SPDX-License-Identifier: MIT
#include "support/child_process.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace nestling::testing {

namespace {

[[noreturn]] void be_the_child(const std::function<int()>& body, int errors) {
    constexpr int unexpected = 99;
    ::dup2(errors, STDERR_FILENO);
    // The test framework's handlers would report the death as a failure of the test.
    for (const int number : {SIGABRT, SIGSEGV, SIGTERM, SIGFPE, SIGILL}) {
        std::signal(number, SIG_DFL);
    }
    std::set_terminate([] { std::abort(); });
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    int code = unexpected;
    try {
        code = body();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "the body threw: %s\n", error.what());
    }
    std::fflush(stderr);
    ::_exit(code);
}

}  // namespace

ChildEnd run_in_child(const std::function<int()>& body) {
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe for the child");
    }
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) {
        throw std::runtime_error("no child process");
    }
    if (child == 0) {
        be_the_child(body, ends[1]);
    }
    ::close(ends[1]);
    ChildEnd end{0, -1, {}};
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = ::read(ends[0], buffer.data(), buffer.size());
        if (got > 0) {
            end.errors.append(buffer.data(), static_cast<std::size_t>(got));
        } else if (got == 0 || errno != EINTR) {
            break;
        }
    }
    ::close(ends[0]);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        end.signal = WTERMSIG(status);
    } else {
        end.exit_code = WEXITSTATUS(status);
    }
    return end;
}

}  // namespace nestling::testing
