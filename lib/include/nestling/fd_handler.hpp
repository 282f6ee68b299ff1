// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <system_error>
#include <utility>

#include <nestling/annotations.hpp>
#include <nestling/callback.hpp>
#include <nestling/context.hpp>
#include <nestling/handler_class.hpp>

namespace nestling {

namespace loop {
struct FdNode;
}

/// What to do when a descriptor is ready. Level-triggered: a callback that leaves the condition in place is called
/// again in the next iteration.
struct FdCallbacks {
    /// The descriptor can be read, or has hung up, or has an error.
    Callback<void()> read;
    /// The descriptor can be written, or has an error.
    Callback<void()> write;
    /// Looks, in user space, whether there is something to do that the descriptor does not show (bytes buffered in a
    /// library, a ring in shared memory). Called before each wait, and again and again during busy polling: must be
    /// cheap, must not block, must not call poll(), must not create or remove handles. Only counts together with
    /// poll_ready.
    Callback<bool()> poll;
    /// Runs when `poll` said true and the descriptor itself was quiet. A nested poll() does not ask `poll` again.
    Callback<void()> poll_ready;
};

/// Which callbacks are wanted for the moment.
enum class Interest : std::uint8_t { none = 0, read = 1, write = 2, both = 3 };

/// The one handler of a descriptor in a context.
///
/// The handle may be used from any thread, by one thread at a time. What a removed or replaced handler owned is
/// destroyed on the home thread. The descriptor is not owned: remove the handler before you close it. A descriptor that
/// is closed while registered is reported, and never spun on.
class NESTLING_API FdHandler {
public:
    /// Any thread. An empty handle.
    FdHandler() noexcept = default;
    /// Any thread. `name` must outlive the handle, usually a literal. Throws std::system_error: EBADF for a descriptor
    /// that is not open, EEXIST if this context has a handler for it, ENOMEM, ENOSPC. Descriptors that epoll refuses
    /// (regular files) are accepted and, as poll(2) has it, always ready.
    FdHandler(Context& context, int fd, const char* name, FdCallbacks callbacks,
              HandlerClass which = HandlerClass::general);
    FdHandler(FdHandler&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
    FdHandler& operator=(FdHandler&& other) noexcept;
    FdHandler(const FdHandler&) = delete;
    FdHandler& operator=(const FdHandler&) = delete;
    /// Any thread. As remove(), without waiting: at home no callback runs afterwards; elsewhere one that is running is
    /// not waited for.
    ~FdHandler() {
        if (node_ != nullptr) {
            remove(Callback<void()>());
        }
    }

    [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }
    /// Any thread. The descriptor, or -1.
    [[nodiscard]] int fd() const noexcept;

    /// Any thread. Replaces all callbacks. Returns an error, and keeps the old ones, when the kernel refuses.
    [[nodiscard]] std::error_code set(FdCallbacks callbacks);
    /// Any thread. Mutes or unmutes read and write without replacing them; the default is those that are not
    /// empty. The `poll` hook is asked in any case: it can say no for itself.
    [[nodiscard]] std::error_code watch(Interest interest);

    /// Any thread. Empties the handle. `removed` runs on the home thread once no callback of this handler is running or
    /// can start: the descriptor may be closed then. May throw std::bad_alloc elsewhere than at home; nothing has
    /// changed then.
    void remove(Callback<void()> removed);
    /// Any thread but one that the home thread waits for. As remove(), also in what it throws, and returns when it
    /// is done. At home at once.
    void remove_and_wait();

private:
    loop::FdNode* node_ = nullptr;
};

}  // namespace nestling
