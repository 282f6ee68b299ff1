// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "sync/counter.hpp"

namespace nestling::loop {

/// What the callbacks of a watched context take, handle by handle, and which one is running: written by the home
/// thread, read by a doctor on any other.
///
/// Numbers are single words that nobody waits for. A mutex guards the names only, which are copies; the home thread
/// takes it when it meets a handle for the first time. There is room for some hundred handles; those that run least
/// give way.
class HandlerLog {
public:
    /// Whether the loop was allowed to sleep before an iteration.
    enum class Waited : std::uint8_t { no, yes };

    static constexpr std::size_t name_size = 48;

    HandlerLog();
    HandlerLog(const HandlerLog&) = delete;
    HandlerLog& operator=(const HandlerLog&) = delete;

    struct Entry;
    /// A call in progress, where it is made.
    struct Call {
        Entry* entry = nullptr;
        std::int64_t begin = 0;
        std::int64_t time_of_inner = 0;
        Call* outer = nullptr;
    };

    // ---- Home thread ----

    /// Nobody has watched for a while: what is counted in a row begins anew.
    void begin_anew() noexcept { iteration_ += 2; }
    void begin_iteration(Waited waited) noexcept;
    /// Of a callback of `node`, which may be null, or of what has only a name.
    void begin(Call& call, const void* node, const char* name, std::int64_t now) noexcept;
    void end(Call& call, std::int64_t now) noexcept;
    /// The call that ended last was that of a descriptor that had one of `events`: does it still?
    void look_again(int fd, std::uint32_t events) noexcept;

    // ---- Any thread ----

    /// Calls of at least so many nanoseconds are counted apart.
    void set_long_call(std::int64_t nanoseconds) noexcept { long_call_.store(nanoseconds); }

    struct Row {
        std::size_t place;  ///< with `incarnation`: which handle
        std::uint64_t incarnation;
        std::string name;
        std::uint64_t calls;
        std::int64_t time;  ///< nanoseconds, without callbacks of others inside
        std::int64_t longest;
        std::uint64_t long_calls;
        std::int64_t last_long;  ///< what the last of these took
        std::uint64_t in_a_row;  ///< iterations to this one in which it was called, and nothing came of it
        bool is_descriptor;
    };
    [[nodiscard]] std::vector<Row> rows() const;

    /// The innermost callback that is running.
    struct Running {
        bool is_running = false;
        std::int64_t since = 0;
        std::size_t place = 0;
        std::string name;
    };
    [[nodiscard]] Running running() const;

private:
    static constexpr std::size_t ways = 4;
    static constexpr std::size_t sets = 128;
    /// How many in a row make it worth a system call to ask whether a descriptor is still ready.
    static constexpr std::uint64_t suspicious = 16;

    Entry& find(const void* node, const char* name) noexcept;
    [[nodiscard]] bool is_of(const Entry& entry, const void* node, const char* name) const noexcept;
    void show(Entry* entry, std::int64_t since) noexcept;
    void count_in_a_row(Entry& entry) const noexcept;

    mutable std::mutex names_;
    std::vector<Entry> entries_;

    // Which is running. Zero in between, so that who reads the time twice knows that the entry belongs to it.
    std::atomic<std::int64_t> running_since_{0};
    std::atomic<Entry*> running_entry_{nullptr};
    std::atomic<std::int64_t> long_call_{INT64_MAX};

    // Home thread.
    std::uint64_t iteration_ = 2;
    Waited waited_ = Waited::no;
    Call* top_ = nullptr;
    Entry* ended_last_ = nullptr;
};

struct HandlerLog::Entry {
    std::array<char, name_size> name{};
    std::uint64_t incarnation = 0;
    sync::SingleWriterCounter<std::uint64_t> calls;
    sync::SingleWriterCounter<std::int64_t> time;
    sync::SingleWriterCounter<std::int64_t> longest;
    sync::SingleWriterCounter<std::uint64_t> long_calls;
    sync::SingleWriterCounter<std::int64_t> last_long;
    sync::SingleWriterCounter<std::uint64_t> in_a_row;
    sync::SingleWriterCounter<bool> is_descriptor;

    // Home thread.
    const void* node = nullptr;
    std::uint64_t last_iteration = 0;
    unsigned active = 0;
};

}  // namespace nestling::loop
