// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fdmon/fd_monitor.hpp"

namespace nestling::fdmon {

/// The descriptors that a ring watches: what is wanted of each, which request stands for it in the kernel, and what has
/// yet to be asked for. Requests are named by descriptor and serial number, never by address: a completion of one that
/// stands for nothing any more is found out, however late it comes (contracts B-26).
class UringSlots {
public:
    /// Of no request.
    static constexpr std::uint64_t none = 0;

    struct Slot {
        Key key{};
        std::uint32_t events = event_none;
        Trigger trigger = Trigger::level;

        /// The request in the kernel, and what it asks for; a serial of 0: there is none.
        Trigger asked_trigger = Trigger::level;
        bool is_listed = false;
        /// The descriptor is known to be another file than the one that was asked for first.
        bool is_another = false;
        std::uint32_t asked_events = event_none;
        std::uint32_t serial = 0;
        std::uint32_t last_serial = 0;
        /// The last wait that reported it.
        std::uint32_t reported_in = 0;

        [[nodiscard]] bool is_asked() const noexcept { return serial != 0; }
        [[nodiscard]] bool is_asked_right() const noexcept {
            return is_asked() && asked_events == events && asked_trigger == trigger;
        }
        /// No request; returns the one that stood for it, or none.
        std::uint64_t forget_request() noexcept {
            const std::uint64_t request = is_asked() ? name_of(key.fd, serial) : none;
            serial = 0;
            return request;
        }
        /// A new request for what is wanted.
        std::uint64_t name_request() noexcept {
            last_serial = last_serial + 1 == 0 ? 1 : last_serial + 1;
            serial = last_serial;
            asked_events = events;
            asked_trigger = trigger;
            return name_of(key.fd, serial);
        }
    };

    /// May throw std::bad_alloc: nothing has changed then.
    void want(const Registration& registration) {
        make_room(registration.key.fd);
        Slot& slot = slots_[registration.key.fd];
        slot.key = registration.key;
        slot.events = registration.events;
        slot.trigger = registration.trigger;
        slot.is_another = false;
        if (slot.is_asked() ? !slot.is_asked_right() : slot.events != event_none) {
            list(slot);
        }
    }

    [[nodiscard]] bool is_another(Key key) const noexcept {
        return key.fd < slots_.size() && slots_[key.fd].is_another;
    }
    void mark_another(Key key) noexcept { slots_[key.fd].is_another = true; }

    /// Nothing is wanted any more. Returns the request that stood for it, or none.
    std::uint64_t drop(Key key) noexcept {
        if (key.fd >= slots_.size()) {
            return none;
        }
        slots_[key.fd].events = event_none;
        return slots_[key.fd].forget_request();
    }

    /// The request that stands for it, or none.
    [[nodiscard]] std::uint64_t request_of(Key key) const noexcept {
        return key.fd < slots_.size() && slots_[key.fd].is_asked() ? name_of(key.fd, slots_[key.fd].serial) : none;
    }

    /// The slot that `request` stands for, or null.
    [[nodiscard]] Slot* find(std::uint64_t request) noexcept {
        const auto fd = static_cast<std::uint32_t>(request);
        const auto serial = static_cast<std::uint32_t>(request >> 32);
        return fd < slots_.size() && serial != 0 && slots_[fd].serial == serial ? &slots_[fd] : nullptr;
    }

    /// Its request has completed, or is another thread's: what is wanted must be asked for again.
    void list(Slot& slot) noexcept {
        if (!slot.is_listed) {
            slot.is_listed = true;
            listed_.push_back(slot.key.fd);
        }
    }
    /// A request that may still be in the kernel, and must go.
    void add_stray(std::uint64_t request) noexcept {
        // There is room: between two lookings at the list, each slot has one request.
        strays_.push_back(request);
    }

    [[nodiscard]] bool has_changes() const noexcept { return !listed_.empty() || !strays_.empty(); }
    [[nodiscard]] bool has_strays() const noexcept { return !strays_.empty(); }
    std::uint64_t take_stray() noexcept {
        const std::uint64_t request = strays_.back();
        strays_.pop_back();
        return request;
    }
    [[nodiscard]] bool has_listed() const noexcept { return !listed_.empty(); }
    Slot& take_listed() noexcept {
        Slot& slot = slots_[listed_.back()];
        listed_.pop_back();
        slot.is_listed = false;
        return slot;
    }

    template <class Function>
    void for_each(Function function) {
        std::for_each(slots_.begin(), slots_.end(), function);
    }

private:
    static std::uint64_t name_of(std::uint32_t fd, std::uint32_t serial) noexcept {
        return (static_cast<std::uint64_t>(serial) << 32) | fd;
    }

    void make_room(std::uint32_t fd) {
        if (fd < slots_.size()) {
            return;
        }
        const std::size_t size = std::max<std::size_t>(fd + std::size_t{1}, slots_.size() + slots_.size() / 4);
        // Nothing may fail later, in a wait or a removal.
        listed_.reserve(size);
        strays_.reserve(2 * size);
        slots_.resize(size);
    }

    std::vector<Slot> slots_;
    std::vector<std::uint32_t> listed_;
    std::vector<std::uint64_t> strays_;
};

}  // namespace nestling::fdmon
