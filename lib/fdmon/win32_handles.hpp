// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "fdmon/fd_monitor.hpp"
#include "os/pool_wait.hpp"

namespace nestling::fdmon {

/// The handles of one monitor that are not sockets. The home thread waits for a few of them itself; the system's thread
/// pool waits for many, and for all of them while an outer loop waits for nothing but one event. Only who has the
/// monitor's mutex calls this.
class Win32Handles {
public:
    /// `event` is set whenever the thread pool has something to tell.
    void set_event(HANDLE event) noexcept { event_ = event; }

    void add(const Registration& registration);
    /// False if it is not here.
    [[nodiscard]] bool modify(const Registration& registration);
    /// May wait for the thread pool, for a moment.
    [[nodiscard]] bool remove(std::uint32_t fd) noexcept;
    void remove_all() noexcept;

    [[nodiscard]] bool empty() const noexcept { return wanted_.empty(); }
    /// Appends those that are signalled now, each at most once; takes their signals. O(handles / 64 + signalled).
    void look(std::vector<Ready>& ready);
    /// The same of those that the thread pool has told of.
    void collect(std::vector<Ready>& ready);
    /// Before a look: these are told of already, so no signal of theirs is taken.
    void told(std::span<const Ready> ready) noexcept;
    [[nodiscard]] bool has_told() const noexcept { return any_.load(); }

    /// What the home thread may wait for by itself: appends nothing if that is too much for one wait.
    void append_to_wait(std::vector<HANDLE>& handles, std::vector<Key>& keys) const;
    /// It has done so, and taken the signal of this one.
    void taken(Key key, std::vector<Ready>& ready) noexcept;
    [[nodiscard]] bool are_too_many() const noexcept { return wanted_.size() > most_in_one_wait; }
    /// Has the thread pool wait for all. False if the system refuses one.
    [[nodiscard]] bool arm_pool() noexcept;

private:
    struct Watch {
        Key key{};
        HANDLE handle = nullptr;
        bool is_wanted = false;
        bool stays_signalled = false;
        bool is_told = false;
        bool is_closed = false;
        std::unique_ptr<os::PoolWait> pool;
    };
    /// The event and a timer take two.
    static constexpr std::size_t most_in_one_wait = MAXIMUM_WAIT_OBJECTS - 2;

    void want(Watch& watch, bool wanted);
    /// Tells of it, unless this look has done so.
    static void tell(Watch& watch, std::vector<Ready>& ready);
    void look_at(std::size_t first, std::size_t count, std::vector<Ready>& ready);
    static void look_at_one(Watch& watch, std::vector<Ready>& ready);

    HANDLE event_ = nullptr;
    /// The thread pool has told of some.
    std::atomic<bool> any_{false};
    std::unordered_map<std::uint32_t, std::unique_ptr<Watch>> watches_;
    /// Those that somebody wants to hear of, and their handles.
    std::vector<Watch*> wanted_;
    std::vector<HANDLE> handles_;
};

}  // namespace nestling::fdmon
