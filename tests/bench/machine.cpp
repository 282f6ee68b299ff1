// SPDX-License-Identifier: MIT
#include "bench/machine.hpp"

#include <sys/utsname.h>
#include <time.h>

#include <array>
#include <fstream>

#include "bench/threads.hpp"

namespace bench {

namespace {

/// Without what a distribution appends.
std::string kernel_version(const std::string& release) {
    return release.substr(0, release.find('-'));
}

std::string cpu_model() {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("model name", 0) == 0) {
            const std::size_t colon = line.find(": ");
            return colon == std::string::npos ? line : line.substr(colon + 2);
        }
    }
    return "unknown";
}

std::string first_line_of(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

std::string today() {
    const time_t now = ::time(nullptr);
    tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 16> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts);
    return text.data();
}

}  // namespace

Machine this_machine() {
    utsname system{};
    ::uname(&system);

    std::string load = first_line_of("/proc/loadavg");
    load = load.substr(0, load.find(' '));
    return {
        cpu_model(), std::to_string(cpus().count), std::string(system.sysname) + " " + kernel_version(system.release),
#if defined(__clang__)
            "clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__),
#else
            "gcc " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__),
#endif
            BENCH_BUILD, load, today()
    };
}

}  // namespace bench
