// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "message.hpp"

namespace nestling::lab::command {

/// What became of a child process.
struct Ending {
    /// What it told, if it came so far.
    std::optional<Message> told;
    /// How it ended otherwise, as a clause: "it was ended by SIGSEGV (Segmentation fault)".
    std::string how;
};

/// Runs this program again with `arguments`, and waits until it has told its message, has ended, or the time is over.
/// Then it is killed, with all that it started and that stayed in its process group. What it prints goes to stderr.
/// Throws Complaint if no process can be had.
Ending run_child(const std::vector<std::string>& arguments, std::chrono::milliseconds timeout);

/// The descriptor on which a child tells its message.
inline constexpr int message_fd = 3;
/// In the child: tells, and ends it at once, whatever the library has registered for an end.
[[noreturn]] void tell_and_end(const Message& message);

}  // namespace nestling::lab::command
