// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <system_error>
#include <unordered_map>
#include <vector>

#include "fdmon/fd_monitor.hpp"
#include "os/afd.hpp"

namespace nestling::fdmon {

/// The sockets of one monitor. For each that somebody wants something of, one question is under way; the answer is told
/// and, at the next ask(), the question is put again, so that readiness is told for as long as it lasts. Only who has
/// the monitor's mutex calls this, and ask() and collect() only the home thread.
class Win32Sockets {
public:
    Win32Sockets() = default;
    Win32Sockets(const Win32Sockets&) = delete;
    Win32Sockets& operator=(const Win32Sockets&) = delete;
    /// Waits until the system writes no answers any more.
    ~Win32Sockets();

    std::error_code add(const Registration& registration);
    /// False if it is not here.
    [[nodiscard]] bool modify(const Registration& registration);
    [[nodiscard]] bool remove(std::uint32_t fd) noexcept;
    void remove_all() noexcept;

    /// Puts the questions that are to be put, and appends what is answered at once. True if `event` has been cleared by
    /// that. O(what has changed or was told).
    bool ask(HANDLE event, std::vector<Ready>& ready);
    /// Appends what has been answered. O(sockets that are waited for).
    void collect(std::vector<Ready>& ready);
    /// Whether collect() would find something.
    [[nodiscard]] bool has_answers() const noexcept;
    /// The system has refused to be asked: it is asked again next time.
    [[nodiscard]] bool is_refused() const noexcept { return is_refused_; }

private:
    struct Watch {
        Key key{};
        SOCKET socket = INVALID_SOCKET;
        std::uint32_t wanted = event_none;
        /// What the question under way asks for.
        std::uint32_t asked = event_none;
        bool is_pending = false;
        bool is_listed = false;
        bool is_gone = false;
        os::Afd::Question question;
    };

    [[nodiscard]] Watch* find(std::uint32_t fd) const noexcept;
    void list(Watch& watch);
    void retire(std::unique_ptr<Watch> watch) noexcept;
    /// Of one whose question is over.
    static std::uint32_t events_of(const Watch& watch) noexcept;

    std::unique_ptr<os::Afd> afd_;
    std::unordered_map<std::uint32_t, std::unique_ptr<Watch>> watches_;
    /// To be looked at by ask().
    std::vector<Watch*> listed_;
    std::vector<Watch*> pending_;
    /// Removed while their questions were under way.
    std::vector<std::unique_ptr<Watch>> gone_;
    bool is_refused_ = false;
};

}  // namespace nestling::fdmon
