// SPDX-License-Identifier: MIT
#include "fdmon/win32_handles.hpp"

#include <algorithm>
#include <utility>

namespace nestling::fdmon {

void Win32Handles::add(const Registration& registration) {
    auto watch = std::make_unique<Watch>();
    watch->key = registration.key;
    watch->handle = handle_of(registration.fd());
    watch->stays_signalled = os::stays_signalled(watch->handle);
    // So that to want it later cannot fail.
    wanted_.reserve(watches_.size() + 1);
    handles_.reserve(watches_.size() + 1);
    Watch& added = *watch;
    watches_[registration.key.fd] = std::move(watch);
    want(added, (registration.events & event_in) != 0);
}

void Win32Handles::want(Watch& watch, bool wanted) {
    if (watch.is_wanted == wanted) {
        return;
    }
    watch.is_wanted = wanted;
    if (wanted) {
        watch.is_told = false;
        wanted_.push_back(&watch);
        handles_.push_back(watch.handle);
        if (watch.pool != nullptr) {
            // It may have told of this one while nobody wanted to hear.
            any_.store(true);
        }
        return;
    }
    // What the pool has taken already is told when it is wanted again.
    const auto at = std::find(wanted_.begin(), wanted_.end(), &watch);
    handles_.erase(handles_.begin() + (at - wanted_.begin()));
    wanted_.erase(at);
}

bool Win32Handles::modify(const Registration& registration) {
    const auto at = watches_.find(registration.key.fd);
    if (at == watches_.end()) {
        return false;
    }
    at->second->key = registration.key;
    want(*at->second, (registration.events & event_in) != 0);
    return true;
}

bool Win32Handles::remove(std::uint32_t fd) noexcept {
    const auto at = watches_.find(fd);
    if (at == watches_.end()) {
        return false;
    }
    want(*at->second, false);
    watches_.erase(at);
    return true;
}

void Win32Handles::remove_all() noexcept {
    wanted_.clear();
    handles_.clear();
    watches_.clear();
}

void Win32Handles::tell(Watch& watch, std::vector<Ready>& ready) {
    if (!watch.is_told) {
        watch.is_told = true;
        ready.push_back({watch.key, watch.is_closed ? event_closed : event_in});
    }
}

void Win32Handles::collect(std::vector<Ready>& ready) {
    if (!any_.load() || !any_.exchange(false)) {
        return;
    }
    for (Watch* const watch : wanted_) {
        if (watch->is_told) {
            // What else the pool has taken for it is told of next time.
            any_.store(true);
            continue;
        }
        // Of one that stays signalled a look tells more: it may have been cleared since.
        if (watch->pool != nullptr && watch->pool->take() && !watch->stays_signalled) {
            tell(*watch, ready);
        }
    }
}

void Win32Handles::told(std::span<const Ready> ready) noexcept {
    for (const Ready& each : ready) {
        const auto at = watches_.find(each.key.fd);
        if (at != watches_.end() && at->second->is_wanted && at->second->key == each.key) {
            at->second->is_told = true;
        }
    }
}

void Win32Handles::look(std::vector<Ready>& ready) {
    collect(ready);
    for (std::size_t first = 0; first != handles_.size();) {
        // Of those that are told of no further signal must be taken: a semaphore has one for each wait.
        if (wanted_[first]->is_told) {
            ++first;
            continue;
        }
        std::size_t end = first + 1;
        while (end != handles_.size() && end - first != MAXIMUM_WAIT_OBJECTS && !wanted_[end]->is_told) {
            ++end;
        }
        look_at(first, end - first, ready);
        first = end;
    }
    for (Watch* const watch : wanted_) {
        watch->is_told = false;
    }
}

void Win32Handles::look_at(std::size_t first, std::size_t count, std::vector<Ready>& ready) {
    // A wait takes the first that is signalled; those behind it are asked in the next one. So it ends, however many are
    // signalled, and again and again (contracts F21.2, B-57).
    for (std::size_t at = first; at != first + count;) {
        const std::size_t rest = first + count - at;
        const DWORD found = ::WaitForMultipleObjects(static_cast<DWORD>(rest), &handles_[at], FALSE, 0);
        if (found == WAIT_TIMEOUT) {
            return;
        }
        if (found == WAIT_FAILED) {
            // One is not open any more.
            for (; at != first + count; ++at) {
                look_at_one(*wanted_[at], ready);
            }
            return;
        }
        // A mutex that was abandoned is signalled as well.
        at += found >= WAIT_ABANDONED_0 ? found - WAIT_ABANDONED_0 : found - WAIT_OBJECT_0;
        tell(*wanted_[at], ready);
        ++at;
    }
}

void Win32Handles::look_at_one(Watch& watch, std::vector<Ready>& ready) {
    const DWORD found = ::WaitForSingleObject(watch.handle, 0);
    watch.is_closed = found == WAIT_FAILED;
    if (found != WAIT_TIMEOUT) {
        tell(watch, ready);
    }
}

void Win32Handles::append_to_wait(std::vector<HANDLE>& handles, std::vector<Key>& keys) const {
    if (are_too_many()) {
        return;
    }
    for (const Watch* const watch : wanted_) {
        handles.push_back(watch->handle);
        keys.push_back(watch->key);
    }
}

void Win32Handles::taken(Key key, std::vector<Ready>& ready) noexcept {
    const auto at = watches_.find(key.fd);
    if (at != watches_.end() && at->second->key == key) {
        tell(*at->second, ready);
    }
}

bool Win32Handles::arm_pool() noexcept {
    bool are_armed = true;
    for (Watch* const watch : wanted_) {
        if (watch->is_closed) {
            continue;
        }
        if (watch->pool == nullptr) {
            watch->pool = os::PoolWait::create(watch->handle, any_, event_);
        }
        if (watch->pool != nullptr) {
            watch->pool->arm();
        } else {
            are_armed = false;
        }
    }
    return are_armed;
}

}  // namespace nestling::fdmon
