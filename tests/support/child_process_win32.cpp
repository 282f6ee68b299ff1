// SPDX-License-Identifier: MIT
// There is no fork() there. The program runs itself again, for the test case that asks, up to the same call: what a
// test does before it is the same each time.
#define NESTLING_TEST_NAMES
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

#include "support/child_process.hpp"
#include "support/environment.hpp"
#include "support/testing.hpp"
#include "support/windows.hpp"

namespace nestling::testing {

namespace {

/// Which call of the test case is the child's, in its environment.
constexpr const char* variable = "NESTLING_TEST_CHILD";
/// What the child said before its body began is not the body's.
constexpr const char* beginning = "--- the body begins ---\n";
/// abort() ends a process with it.
constexpr DWORD aborted = 3;

class Handle {
public:
    explicit Handle(HANDLE handle = nullptr) noexcept : handle_(handle) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { close(); }
    [[nodiscard]] HANDLE get() const noexcept { return handle_; }
    [[nodiscard]] HANDLE* out() noexcept { return &handle_; }
    void close() noexcept {
        if (handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE) {
            ::CloseHandle(handle_);
        }
        handle_ = nullptr;
    }

private:
    HANDLE handle_;
};

void require(bool good, const char* what) {
    if (!good) {
        throw std::runtime_error(what);
    }
}

/// The number of this call among those of its test case.
int number_of_call(const std::string& test) {
    static std::string counted;
    static int calls = 0;
    if (counted != test) {
        counted = test;
        calls = 0;
    }
    return ++calls;
}

/// As the framework wants names of tests, and the system arguments.
std::string quoted(const std::string& test) {
    std::string result = "\"";
    for (const char letter : test) {
        if (letter == ',' || letter == '[' || letter == '\\') {
            result += '\\';
        }
        result += letter == '"' ? std::string(R"(\\\")") : std::string(1, letter);
    }
    return result + "\"";
}

std::string own_path() {
    std::array<char, MAX_PATH> path{};
    const DWORD size = ::GetModuleFileNameA(nullptr, path.data(), static_cast<DWORD>(path.size()));
    require(size > 0 && size < path.size(), "the path of the program cannot be had");
    return {path.data(), size};
}

[[noreturn]] void be_the_child(const std::function<int()>& body) {
    constexpr int unexpected = 99;
    for (const int number : {SIGABRT, SIGSEGV, SIGTERM, SIGFPE, SIGILL}) {
        std::signal(number, SIG_DFL);
    }
    std::set_terminate([] { std::abort(); });
    std::fputs(beginning, stderr);
    std::fflush(stderr);
    int code = unexpected;
    try {
        code = body();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "the body threw: %s\n", error.what());
    }
    std::fflush(stderr);
    ::TerminateProcess(::GetCurrentProcess(), static_cast<UINT>(code));
    std::abort();
}

/// Asks again if the system refuses, and says with which error: Wine has refused once, and not again.
PROCESS_INFORMATION start(const std::string& test, int number, HANDLE errors) {
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    const Handle nowhere(::CreateFileA("NUL", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                       &inherited, OPEN_EXISTING, 0, nullptr));
    STARTUPINFOA startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = nowhere.get();
    startup.hStdOutput = nowhere.get();
    startup.hStdError = errors;
    const Environment asked(variable, std::to_string(number).c_str());
    const std::string path = own_path();
    constexpr int attempts = 3;
    DWORD error = 0;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        std::string command = '"' + path + "\" " + quoted(test);
        PROCESS_INFORMATION child{};
        if (::CreateProcessA(path.c_str(), command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup,
                             &child) != FALSE) {
            return child;
        }
        error = ::GetLastError();
        std::fprintf(stderr, "no child process in attempt %d: error %lu\n", attempt, error);
    }
    throw std::runtime_error("no child process: error " + std::to_string(error));
}

std::string read_all(HANDLE from) {
    std::string all;
    std::array<char, 4096> buffer{};
    DWORD got = 0;
    while (::ReadFile(from, buffer.data(), static_cast<DWORD>(buffer.size()), &got, nullptr) != FALSE && got > 0) {
        all.append(buffer.data(), got);
    }
    std::erase(all, '\r');
    return all;
}

}  // namespace

ChildEnd run_in_child(const std::function<int()>& body) {
    const std::string test = Catch::getResultCapture().getCurrentTestName();
    const int number = number_of_call(test);
    if (const char* asked = std::getenv(variable)) {
        if (number == std::atoi(asked)) {
            be_the_child(body);
        }
        // Somebody else's child.
        return {0, -1, {}};
    }
    Handle reading;
    Handle writing;
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    require(::CreatePipe(reading.out(), writing.out(), &inherited, 0) != FALSE, "no pipe for the child");
    ::SetHandleInformation(reading.get(), HANDLE_FLAG_INHERIT, 0);
    const PROCESS_INFORMATION child = start(test, number, writing.get());
    const Handle process(child.hProcess);
    const Handle thread(child.hThread);
    writing.close();
    ChildEnd end{0, -1, read_all(reading.get())};
    ::WaitForSingleObject(process.get(), INFINITE);
    const std::size_t begun = end.errors.find(beginning);
    require(begun != std::string::npos, "the child did not come to its body");
    end.errors.erase(0, begun + std::string(beginning).size());
    DWORD code = 0;
    ::GetExitCodeProcess(process.get(), &code);
    if (code == aborted) {
        end.signal = SIGABRT;
    } else {
        end.exit_code = static_cast<int>(code);
    }
    return end;
}

}  // namespace nestling::testing
