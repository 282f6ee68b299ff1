// SPDX-License-Identifier: MIT
#include "fdmon/win32_sockets.hpp"

#include <algorithm>
#include <utility>

namespace nestling::fdmon {

namespace {

using os::Afd;

/// Told whether somebody asks or not.
constexpr std::uint32_t trouble = Afd::abort | Afd::connect_fail | Afd::local_close;

std::uint32_t conditions_for(std::uint32_t events) noexcept {
    std::uint32_t conditions = trouble;
    if ((events & event_in) != 0) {
        conditions |= Afd::receive | Afd::accept | Afd::disconnect;
    }
    if ((events & event_out) != 0) {
        conditions |= Afd::send;
    }
    return conditions;
}

std::uint32_t events_for(std::uint32_t conditions) noexcept {
    if ((conditions & Afd::local_close) != 0) {
        return event_closed;
    }
    std::uint32_t events = event_none;
    if ((conditions & (Afd::receive | Afd::accept | Afd::disconnect)) != 0) {
        events |= event_in;
    }
    if ((conditions & Afd::send) != 0) {
        events |= event_out;
    }
    if ((conditions & Afd::abort) != 0) {
        events |= event_in | event_error | event_hang_up;
    }
    if ((conditions & Afd::connect_fail) != 0) {
        events |= event_out | event_error;
    }
    return events;
}

}  // namespace

Win32Sockets::~Win32Sockets() {
    remove_all();
    std::vector<Ready> nobody;
    // An answer is written by the thread that asked, or when that ends.
    for (int patience = 5000; !pending_.empty() && patience != 0; --patience) {
        collect(nobody);
        if (!pending_.empty()) {
            ::Sleep(1);
        }
    }
    for (std::unique_ptr<Watch>& watch : gone_) {
        // Rather lost than written to after its end.
        static_cast<void>(watch.release());
    }
}

Win32Sockets::Watch* Win32Sockets::find(std::uint32_t fd) const noexcept {
    const auto at = watches_.find(fd);
    return at == watches_.end() ? nullptr : at->second.get();
}

void Win32Sockets::list(Watch& watch) {
    if (!watch.is_listed) {
        listed_.push_back(&watch);
        watch.is_listed = true;
    }
}

std::error_code Win32Sockets::add(const Registration& registration) {
    std::error_code error;
    if (afd_ == nullptr) {
        afd_ = Afd::open(error);
        if (afd_ == nullptr) {
            return error;
        }
    }
    auto watch = std::make_unique<Watch>();
    watch->key = registration.key;
    watch->wanted = registration.events;
    watch->socket = os::base_socket(socket_of(registration.fd()));
    // What follows must not fail half-way, and what comes later must not fail at all.
    listed_.reserve(watches_.size() + 1);
    pending_.reserve(watches_.size() + gone_.size() + 1);
    gone_.reserve(watches_.size() + gone_.size() + 1);
    list(*watch);
    watches_[registration.key.fd] = std::move(watch);
    return {};
}

bool Win32Sockets::modify(const Registration& registration) {
    Watch* const watch = find(registration.key.fd);
    if (watch == nullptr) {
        return false;
    }
    watch->key = registration.key;
    watch->wanted = registration.events;
    // A question that asks for more than is wanted may stay.
    if (!watch->is_pending || (watch->wanted & ~watch->asked) != 0) {
        list(*watch);
    }
    return true;
}

bool Win32Sockets::remove(std::uint32_t fd) noexcept {
    const auto at = watches_.find(fd);
    if (at == watches_.end()) {
        return false;
    }
    retire(std::move(at->second));
    watches_.erase(at);
    return true;
}

void Win32Sockets::remove_all() noexcept {
    for (auto& [fd, watch] : watches_) {
        retire(std::move(watch));
    }
    watches_.clear();
}

void Win32Sockets::retire(std::unique_ptr<Watch> watch) noexcept {
    if (std::exchange(watch->is_listed, false)) {
        std::erase(listed_, watch.get());
    }
    if (!watch->is_pending) {
        return;
    }
    watch->is_gone = true;
    afd_->cancel(watch->question);
    gone_.push_back(std::move(watch));
}

bool Win32Sockets::ask(HANDLE event, std::vector<Ready>& ready) {
    bool has_cleared = false;
    is_refused_ = false;
    std::vector<Watch*> kept;
    std::swap(kept, listed_);
    std::size_t left = 0;
    for (Watch* const watch : kept) {
        watch->is_listed = false;
        if (watch->is_pending && (watch->wanted & ~watch->asked) != 0) {
            afd_->cancel(watch->question);
            if (watch->question.is_over()) {
                watch->is_pending = false;
                std::erase(pending_, watch);
            }
        }
        // One that is still under way is over soon, and listed again by collect().
        if (watch->is_pending || watch->wanted == event_none) {
            continue;
        }
        watch->asked = watch->wanted;
        has_cleared = true;
        switch (afd_->ask(watch->question, watch->socket, conditions_for(watch->wanted), event)) {
            case Afd::Asked::pending:
                watch->is_pending = true;
                pending_.push_back(watch);
                break;
            case Afd::Asked::answered:
                if (const std::uint32_t events = events_of(*watch); events != event_none) {
                    ready.push_back({watch->key, events});
                    if (events == event_closed) {
                        break;
                    }
                }
                kept[left++] = watch;
                watch->is_listed = true;
                break;
            case Afd::Asked::closed:
                ready.push_back({watch->key, event_closed});
                break;
            case Afd::Asked::refused:
                is_refused_ = true;
                kept[left++] = watch;
                watch->is_listed = true;
                break;
        }
    }
    kept.resize(left);
    std::swap(kept, listed_);
    return has_cleared;
}

std::uint32_t Win32Sockets::events_of(const Watch& watch) noexcept {
    const std::uint32_t events = events_for(watch.question.answer());
    return events & (watch.wanted | event_error | event_hang_up | event_closed);
}

void Win32Sockets::collect(std::vector<Ready>& ready) {
    for (std::size_t at = 0; at != pending_.size();) {
        Watch* const watch = pending_[at];
        if (!watch->question.is_over()) {
            ++at;
            continue;
        }
        pending_[at] = pending_.back();
        pending_.pop_back();
        watch->is_pending = false;
        if (watch->is_gone) {
            std::erase_if(gone_, [watch](const std::unique_ptr<Watch>& gone) { return gone.get() == watch; });
            continue;
        }
        const std::uint32_t events = watch->wanted == event_none ? 0U : events_of(*watch);
        if (events != event_none) {
            ready.push_back({watch->key, events});
        }
        if (events != event_closed) {
            list(*watch);
        }
    }
}

bool Win32Sockets::has_answers() const noexcept {
    return std::any_of(pending_.begin(), pending_.end(), [](const Watch* watch) { return watch->question.is_over(); });
}

}  // namespace nestling::fdmon
