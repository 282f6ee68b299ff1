// SPDX-License-Identifier: MIT
#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "options.hpp"
#include "signal_name.hpp"

namespace nestling::lab::command {

namespace {

using Clock = std::chrono::steady_clock;

/// Of the child that runs, for the handler of signals; 0: none.
volatile sig_atomic_t running_group = 0;

extern "C" void take_child_along(int signal) {
    if (running_group != 0) {
        kill(-static_cast<pid_t>(running_group), SIGKILL);
    }
    // With the handler of before the signal goes on as if we had never been asked.
    raise(signal);
}

void take_child_along_when_told() {
    static const bool is_done = [] {
        struct sigaction action {};
        action.sa_handler = take_child_along;
        action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
            struct sigaction before {};
            sigaction(signal, nullptr, &before);
            if (before.sa_handler != SIG_IGN) {
                sigaction(signal, &action, nullptr);
            }
        }
        return true;
    }();
    static_cast<void>(is_done);
}

class Pipe {
public:
    Pipe() {
        if (pipe2(ends_.data(), O_CLOEXEC) != 0) {
            throw Complaint(std::string("no pipe to a child process: ") + std::strerror(errno));
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    [[nodiscard]] int out() const noexcept { return ends_[0]; }
    [[nodiscard]] int in() const noexcept { return ends_[1]; }
    void close_in() noexcept { close_end(1); }

private:
    void close_end(std::size_t end) noexcept {
        if (const int fd = std::exchange(ends_[end], -1); fd >= 0) {
            close(fd);
        }
    }
    std::array<int, 2> ends_{-1, -1};
};

/// Between fork and exec: nothing that allocates.
[[noreturn]] void become(char* const* arguments, int message, int words) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(words, STDOUT_FILENO);
    dup2(words, STDERR_FILENO);
    if (message == message_fd) {
        fcntl(message, F_SETFD, 0);
    } else {
        dup2(message, message_fd);
    }
    execv("/proc/self/exe", arguments);
    constexpr int no_exec = 127;
    _exit(no_exec);
}

/// Appends what there is to `text`. False: there is no more.
bool drain(int fd, std::string& text) {
    std::array<char, 4096> chunk{};
    const ssize_t count = read(fd, chunk.data(), chunk.size());
    if (count > 0) {
        text.append(chunk.data(), static_cast<std::size_t>(count));
    }
    return count > 0 || (count < 0 && errno == EINTR);
}

struct Told {
    std::string message;
    std::string words;
    bool is_late = false;
};

/// Reads both pipes until the message is there, the child is gone, or the time is over.
Told listen(int message, int words, Clock::time_point end) {
    Told told;
    std::array<pollfd, 2> pipes{pollfd{message, POLLIN, 0}, pollfd{words, POLLIN, 0}};
    while (pipes[0].fd >= 0 && !decode(told.message)) {
        const auto rest = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
        if (rest.count() <= 0) {
            break;
        }
        if (poll(pipes.data(), pipes.size(), static_cast<int>(rest.count())) <= 0) {
            continue;
        }
        if (pipes[0].revents != 0 && !drain(message, told.message)) {
            pipes[0].fd = -1;
        }
        if (pipes[1].revents != 0 && !drain(words, told.words)) {
            pipes[1].fd = -1;
        }
    }
    return told;
}

/// Waits for the end of a child that has closed its pipe. False: the time is over.
bool await_end(pid_t child, Clock::time_point end) {
    siginfo_t info{};
    while (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.si_pid == 0) {
        if (Clock::now() >= end) {
            return false;
        }
        poll(nullptr, 0, 1);
    }
    return true;
}

/// Ends the group while its leader is not yet reaped: until then the number belongs to nobody else.
int end_group(pid_t child) {
    kill(-child, SIGKILL);
    kill(child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

std::string how_it_ended(int status, bool is_late, std::chrono::milliseconds timeout) {
    if (is_late) {
        std::string seconds = std::to_string(static_cast<double>(timeout.count()) / 1000);
        seconds.erase(seconds.find_last_not_of('0') + 1);
        seconds.erase(seconds.back() == '.' ? seconds.size() - 1 : seconds.size());
        return "it did not return within " + seconds + (seconds == "1" ? " second" : " seconds");
    }
    if (WIFSIGNALED(status)) {
        return "it was ended by " + signal_name(WTERMSIG(status));
    }
    return "it ended the process, with exit code " + std::to_string(WEXITSTATUS(status));
}

/// The last line with anything in it.
std::string last_line(const std::string& words) {
    const std::size_t end = words.find_last_not_of(" \n");
    if (end == std::string::npos) {
        return "";
    }
    const std::size_t before = words.rfind('\n', end);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    return words.substr(begin, end - begin + 1);
}

}  // namespace

Ending run_child(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout) {
    take_child_along_when_told();
    Pipe message;
    Pipe words;
    std::vector<char*> given{const_cast<char*>("nestling-lab")};
    given.reserve(arguments.size() + 2);
    for (const std::string& argument : arguments) {
        given.push_back(const_cast<char*>(argument.c_str()));
    }
    given.push_back(nullptr);
    const pid_t child = fork();
    if (child < 0) {
        throw Complaint(std::string("no child process: ") + std::strerror(errno));
    }
    if (child == 0) {
        become(given.data(), message.in(), words.in());
    }
    setpgid(child, child);
    running_group = child;
    message.close_in();
    words.close_in();
    const auto end = Clock::now() + timeout;
    Told told = listen(message.out(), words.out(), end);
    Ending ending;
    ending.told = decode(told.message);
    told.is_late = !ending.told && !await_end(child, end);
    const int status = end_group(child);
    running_group = 0;
    // All who could write are gone, or have left the group.
    fcntl(words.out(), F_SETFL, O_NONBLOCK);
    while (drain(words.out(), told.words)) {
    }
    static_cast<void>(!write(STDERR_FILENO, told.words.data(), told.words.size()));
    if (!ending.told) {
        ending.how = how_it_ended(status, told.is_late, timeout);
        if (const std::string last = last_line(told.words); !last.empty()) {
            ending.how += ", and last said: " + last;
        }
    }
    return ending;
}

void tell_and_end(const Message& message) {
    const std::string bytes = encode(message);
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t written = write(message_fd, bytes.data() + at, bytes.size() - at);
        if (written < 0 && errno != EINTR) {
            static_cast<void>(!std::fputs("nestling-lab: the pipe for the result was closed\n", stderr));
            _exit(1);
        }
        at += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
    _exit(0);
}

}  // namespace nestling::lab::command
