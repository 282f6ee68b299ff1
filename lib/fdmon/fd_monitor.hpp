// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>
#include <vector>

#include <nestling/monitor.hpp>

namespace nestling::fdmon {

/// What can be asked for and reported; the values of poll(2).
enum Events : std::uint32_t {
    event_none = 0,
    event_in = 0x001,
    event_out = 0x004,
    event_error = 0x008,
    event_hang_up = 0x010,
    event_closed = 0x020,
};

/// Tells one registration of a descriptor from a later one of the same number.
struct Key {
    std::uint32_t fd;
    std::uint32_t generation;

    friend bool operator==(Key, Key) = default;
};

/// `edge`: reported once per event, and never again for the same one. Only monitors that say so can do it; on others it
/// is level.
enum class Trigger : std::uint8_t { level, edge };

struct Registration {
    Key key;
    std::uint32_t events;
    Trigger trigger = Trigger::level;

    [[nodiscard]] int fd() const noexcept { return static_cast<int>(key.fd); }
};

struct Ready {
    Key key;
    std::uint32_t events;
};

/// Knows a set of descriptors and waits for them. One context has one; its state is its own.
///
/// add, modify and remove may be called by any thread, one at a time, also while the home thread waits.
class FdMonitor {
public:
    FdMonitor() = default;
    FdMonitor(const FdMonitor&) = delete;
    FdMonitor& operator=(const FdMonitor&) = delete;
    virtual ~FdMonitor() = default;

    [[nodiscard]] virtual MonitorKind kind() const noexcept = 0;
    /// True if a wait in progress, ours or an outer loop's, sees changes of the set.
    [[nodiscard]] virtual bool set_is_live() const noexcept = 0;
    /// True if Trigger::edge is honoured.
    [[nodiscard]] virtual bool has_edges() const noexcept = 0;
    /// Any thread. True if some descriptor counts as ready without being asked: nobody may sleep.
    [[nodiscard]] virtual bool always_ready() const noexcept { return false; }

    /// Before it is used. For a monitor whose calls clear the event of the context on their way:
    /// `is_published(context)` tells whether somebody may have set it.
    virtual void look_with(bool (*is_published)(const void*), const void* context) noexcept {
        static_cast<void>(is_published);
        static_cast<void>(context);
    }

    virtual std::error_code add(const Registration& registration) = 0;
    virtual std::error_code modify(const Registration& registration) = 0;
    virtual std::error_code remove(const Registration& registration) = 0;
    /// Whether the kernel still knows the registration: ENOENT or EBADF when its descriptor was closed. Changes
    /// nothing.
    virtual std::error_code probe(const Registration& registration) = 0;
    /// Home thread. Starts again with exactly `all`: cures a set that holds what cannot be removed any more.
    virtual std::error_code rebuild(std::span<const Registration> all) = 0;

    /// Home thread. Appends what is ready to `ready`. Sleeps at most `timeout` nanoseconds, without limit if negative;
    /// returns early on a signal.
    virtual void wait(std::int64_t timeout, std::vector<Ready>& ready) = 0;

    /// Home thread. What an outer loop must wait for, brought up to date by refresh_polls().
    [[nodiscard]] virtual std::span<PollHandle> polls() noexcept = 0;
    [[nodiscard]] virtual std::uint64_t polls_version() const noexcept = 0;
    virtual void refresh_polls() = 0;
    /// False if the set has changed since refresh_polls() in a way that a wait for polls() would not see. May bring
    /// that up to date itself where it can, also under a wait that has begun.
    [[nodiscard]] virtual bool polls_are_current() noexcept = 0;
};

}  // namespace nestling::fdmon
