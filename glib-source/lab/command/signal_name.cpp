// SPDX-License-Identifier: MIT
#include "signal_name.hpp"

#include <signal.h>

#include <array>
#include <cstring>

namespace nestling::lab::command {

std::string signal_name(int signal) {
    struct Name {
        int signal;
        const char* name;
    };
    // Those that end a program that did not ask for them.
    constexpr std::array<Name, 14> names{{{SIGABRT, "SIGABRT"},
                                          {SIGALRM, "SIGALRM"},
                                          {SIGBUS, "SIGBUS"},
                                          {SIGFPE, "SIGFPE"},
                                          {SIGHUP, "SIGHUP"},
                                          {SIGILL, "SIGILL"},
                                          {SIGINT, "SIGINT"},
                                          {SIGKILL, "SIGKILL"},
                                          {SIGPIPE, "SIGPIPE"},
                                          {SIGSEGV, "SIGSEGV"},
                                          {SIGSYS, "SIGSYS"},
                                          {SIGTERM, "SIGTERM"},
                                          {SIGTRAP, "SIGTRAP"},
                                          {SIGXCPU, "SIGXCPU"}}};
    for (const Name& known : names) {
        if (known.signal == signal) {
            return std::string(known.name) + " (" + strsignal(signal) + ")";
        }
    }
    return "signal " + std::to_string(signal);
}

}  // namespace nestling::lab::command
