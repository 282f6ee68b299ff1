// SPDX-License-Identifier: MIT
#include "bench/own_process.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

extern char** environ;

namespace bench {

namespace {

void check(int error, const char* what) {
    if (error != 0) {
        throw std::system_error(error, std::generic_category(), what);
    }
}

std::string output_of(const std::string& program, const std::string& measure, const std::string& peer) {
    std::array<int, 2> ends{};
    check(::pipe(ends.data()) == 0 ? 0 : errno, "pipe");
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addclose(&actions, ends[0]);
    ::posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::array<std::string, 4> words{program, "--run-one", measure, peer};
    const std::array<char*, 5> arguments{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    pid_t child = -1;
    const int error = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::string text;
    std::array<char, 256> buffer{};
    for (ssize_t size = 0; error == 0 && (size = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ::close(ends[0]);
    check(error, program.c_str());
    int status = 0;
    ::waitpid(child, &status, 0);
    if (status != 0) {
        throw std::runtime_error("a measurement in a process of its own failed");
    }
    return text;
}

void move(Registry& registry, const std::string& program, const std::string& peer, const std::string& measure) {
    registry.add(peer, measure, [program, measure, peer](const Effort&) -> Outcome {
        return std::strtod(output_of(program, measure, peer).c_str(), nullptr);
    });
}

}  // namespace

void move_to_own_processes(Registry& registry) {
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe");
    const std::filesystem::path counter = self.parent_path() / "nestling-bench-calls";
    for (const Registry::Named& peer : registry.peers()) {
        if (std::filesystem::exists(counter) && registry.find(peer.name, "w3.same-cpu") != nullptr) {
            move(registry, counter.string(), peer.name, "w3.calls");
        }
        for (const char* measure : {"w7.context", "w7.task", "w7.fd", "w7.timer"}) {
            if (registry.find(peer.name, measure) != nullptr) {
                move(registry, self.string(), peer.name, measure);
            }
        }
    }
}

}  // namespace bench
