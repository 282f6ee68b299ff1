// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>

namespace nestling {

/// How a child process ended.
struct ChildStatus {
    enum class Kind : std::uint8_t {
        exited,   ///< by itself; `value` is its exit code
        killed,   ///< by a signal; `value` is its number
        dumped,   ///< the same, with a core dump
        unknown,  ///< it is gone, and somebody else has its status, or it was no child of this process
    };
    Kind kind = Kind::unknown;
    int value = 0;
    /// True if it has exited with 0.
    [[nodiscard]] bool is_success() const noexcept { return kind == Kind::exited && value == 0; }
};

/// How a ChildWatch waits.
enum class ChildForm : std::uint8_t {
    pidfd,    ///< for a descriptor of the kernel
    polling,  ///< by a timer that asks, where the kernel gives none: seen up to 64 ms late
};

/// Tells when one child process has ended, and takes it from the system (no zombie stays).
///
/// Asks for this process only and uses no signal, so that GLib's child watches, waitpid() and other watches of other
/// processes go on beside it. Who waits for the same process, or for any, takes its status away: `unknown` then. Make
/// the watch before anybody else can wait for the process, because numbers of processes are used again.
class NESTLING_API ChildWatch {
public:
    /// Any thread. An empty watch.
    ChildWatch() noexcept;
    /// Home thread. `callback` runs once on the home thread, never before this returns; also when the process has ended
    /// already. `name` must outlive the watch, usually a literal. Throws std::system_error: EINVAL for what is no
    /// process, EMFILE, ENFILE, ENOMEM; and std::bad_alloc.
    ChildWatch(Context& context, pid_t pid, const char* name, Callback<void(ChildStatus)> callback);
    ChildWatch(ChildWatch&& other) noexcept;
    ChildWatch& operator=(ChildWatch&& other) noexcept;
    ChildWatch(const ChildWatch&) = delete;
    ChildWatch& operator=(const ChildWatch&) = delete;
    /// Any thread. Before the callback has started: the process is left alone, and whoever started it must wait for it.
    /// At home no callback runs afterwards; elsewhere one that is running is not waited for.
    ~ChildWatch();

    [[nodiscard]] explicit operator bool() const noexcept { return state_ != nullptr; }
    /// Any thread. Of a watch that is not empty.
    [[nodiscard]] pid_t pid() const noexcept;
    /// Any thread. Of a watch that is not empty.
    [[nodiscard]] ChildForm form() const noexcept;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace nestling
