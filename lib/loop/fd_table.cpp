// SPDX-License-Identifier: MIT
#include "loop/fd_table.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "loop/node_pool.hpp"
#include "os/descriptor_state.hpp"

namespace nestling::loop {

namespace {
bool says_closed(const std::error_code& error) noexcept {
    return error && (error == std::errc::bad_file_descriptor || error == std::errc::no_such_file_or_directory);
}
}  // namespace

FdTable::~FdTable() {
    for (FdNode* node = retired_.take(); node != nullptr;) {
        const NodePool<FdNode>::Owner gone(std::exchange(node, node->next_retired));
        if (gone->extras != nullptr && gone->extras->on_removed) {
            gone->extras->on_removed();
        }
    }
}

// ---- Any thread ----------------------------------------------------------------------------------------------------

std::error_code FdTable::add(FdNode& node, Interest interest) {
    std::optional<ClosedFd> closed;
    std::error_code error;
    {
        const std::lock_guard lock(mutex_);
        error = enter(node, interest);
        FdNode* other = !error || node.fd() < 0 ? nullptr : at(node.key.fd);
        if (other != nullptr && error == std::errc::file_exists && other->watched() != fdmon::event_none &&
            !other->closed && says_closed(monitor_.probe(other->registration()))) {
            // The other handler's descriptor was closed, and its number has come back.
            if (leave(*other)) {
                closed.emplace(*other);
            }
            error = enter(node, interest);
        }
    }
    if (closed) {
        report(*closed);
    }
    return error;
}

std::error_code FdTable::enter(FdNode& node, Interest interest) {
    // A kernel that gets to know it now says for itself whether it is open.
    const bool monitor_knows = monitor_.set_is_live() && node.events_for(interest) != fdmon::event_none;
    if (node.fd() < 0 || (!monitor_knows && !os::is_open(node.fd()))) {
        return std::make_error_code(std::errc::bad_file_descriptor);
    }
    const auto fd = node.key.fd;
    if (at(fd) != nullptr) {
        return std::make_error_code(std::errc::file_exists);
    }
    if (fd >= slots_.size()) {
        const std::size_t size = std::max<std::size_t>(fd + 1, slots_.size() + slots_.size() / 4);
        slots_.reserve(size);
        slots_.resize(size, nullptr);
    }
    make_room_for_hook(node);
    node.key.generation = ++last_generation_ == 0 ? ++last_generation_ : last_generation_;
    node.want(node.events_for(interest));
    if (const std::error_code error = monitor_.add(node.registration())) {
        return error;
    }
    slots_[fd] = &node;
    count(node, 1);
    return {};
}

void FdTable::make_room_for_hook(const FdNode& node) {
    // First, so that nothing can fail once the kernel knows the descriptor.
    if (node.has_hooks && hooked_.size() == hooked_.capacity()) {
        hooked_.reserve(hooked_.size() * 2 + 1);
    }
}

bool FdTable::leave(FdNode& node) noexcept {
    const auto fd = node.key.fd;
    if (at(fd) != &node) {
        return false;
    }
    slots_[fd] = nullptr;
    count(node, -1);
    if (fork_.in_child()) {
        // The monitor's kernel object is shared with the parent, whose registration this would end.
        return false;
    }
    const std::error_code error = monitor_.remove(node.registration());
    if (!says_closed(error) || node.watched() == fdmon::event_none || node.closed) {
        return false;
    }
    node.closed = true;
    return true;
}

std::error_code FdTable::replace(FdNode& old, FdNode& fresh) {
    const std::lock_guard lock(mutex_);
    const auto fd = old.key.fd;
    if (at(fd) != &old) {
        return std::make_error_code(std::errc::bad_file_descriptor);
    }
    make_room_for_hook(fresh);
    fresh.key.generation = ++last_generation_ == 0 ? ++last_generation_ : last_generation_;
    fresh.want(fresh.events_for(Interest::both));
    // What wants nothing, before and after, is nothing that the monitor must know.
    if (old.watched() != fdmon::event_none || fresh.wanted() != fdmon::event_none) {
        if (const std::error_code error = monitor_.modify(fresh.registration())) {
            return error;
        }
    }
    count(old, -1);
    slots_[fd] = &fresh;
    count(fresh, 1);
    mark_removed(old);
    retire(old);
    return {};
}

std::error_code FdTable::watch(FdNode& node, Interest interest) {
    const std::lock_guard lock(mutex_);
    const std::uint32_t before = node.wanted();
    const std::uint32_t events = node.events_for(interest);
    if (before == events) {
        return {};
    }
    if (at(node.key.fd) != &node) {
        return std::make_error_code(std::errc::bad_file_descriptor);
    }
    if (!node.is_muted) {
        if (const std::error_code error = monitor_.modify(node.registration_for(events))) {
            return error;
        }
    }
    count(node, -1);
    node.want(events);
    count(node, 1);
    return {};
}

void FdTable::mute(FdNode& node) noexcept {
    const std::lock_guard lock(mutex_);
    if (at(node.key.fd) == &node && !node.is_muted) {
        static_cast<void>(monitor_.modify(node.registration_for(fdmon::event_none)));
        node.is_muted = true;
    }
}

void FdTable::unmute(FdNode& node) noexcept {
    const std::lock_guard lock(mutex_);
    if (at(node.key.fd) == &node && node.is_muted) {
        node.is_muted = false;
        // An error is that of a descriptor that was closed meanwhile: found as ever.
        static_cast<void>(monitor_.modify(node.registration()));
    }
}

void FdTable::remove(FdNode& node) noexcept {
    bool was_closed = false;
    {
        const std::lock_guard lock(mutex_);
        was_closed = leave(node);
        mark_removed(node);
    }
    if (was_closed) {
        report(ClosedFd(node));
    }
    retire(node);
}

void FdTable::mark_removed(FdNode& node) noexcept {
    // RELAXED see FdNode::is_removed().
    node.removed.store(true, std::memory_order_relaxed);
}

void FdTable::retire(FdNode& node) noexcept {
    node.drop_handle();
    retired_.push(node);
}

void FdTable::count(const FdNode& node, int step) noexcept {
    const auto change = static_cast<std::size_t>(step);
    if (node.wanted() != fdmon::event_none) {
        if (!needs_look()) {
            // RELAXED see take_first().
            has_first_.store(true, std::memory_order_relaxed);
        }
        // RELAXED written under the mutex only; for readers see needs_look().
        active_count_.store(active_count_.load(std::memory_order_relaxed) + change, std::memory_order_relaxed);
    }
    if (node.has_hooks) {
        if (step > 0) {
            hooked_.push_back(const_cast<FdNode*>(&node));
        } else {
            std::erase(hooked_, &node);
        }
        // RELAXED see has_hooks().
        hooked_count_.store(hooked_.size(), std::memory_order_relaxed);
    }
}

std::size_t FdTable::report_closed() {
    std::vector<ClosedFd> closed;
    {
        const std::lock_guard lock(mutex_);
        for (FdNode* node : slots_) {
            if (node == nullptr || node->closed) {
                continue;
            }
            const bool gone = !os::is_open(node->fd()) || (node->watched() != fdmon::event_none &&
                                                           says_closed(monitor_.probe(node->registration())));
            if (gone) {
                closed.emplace_back(*node);
                static_cast<void>(leave(*node));
                node->closed = true;
            }
        }
    }
    for (const ClosedFd& each : closed) {
        report(each);
    }
    return closed.size();
}

void FdTable::report(const ClosedFd& closed) const {
    reporter_.report(Report::Kind::closed_fd, closed.handle.c_str(), closed.fd,
                     "descriptor " + std::to_string(closed.fd) + " was closed while a handler was registered for it");
}

void FdTable::add_internal(int fd, fdmon::Trigger trigger) {
    std::optional<ClosedFd> closed;
    {
        const std::lock_guard lock(mutex_);
        if (FdNode* node = at(static_cast<std::uint32_t>(fd))) {
            // The number is new, so the descriptor that its handler means was closed.
            closed.emplace(*node);
            static_cast<void>(leave(*node));
            node->closed = true;
        }
        const fdmon::Registration registration{{static_cast<std::uint32_t>(fd), 0}, fdmon::event_in, trigger};
        internal_.push_back(registration);
        if (const std::error_code error = monitor_.add(registration)) {
            internal_.pop_back();
            throw std::system_error(error, "nestling: cannot watch a descriptor of the context itself");
        }
    }
    if (closed) {
        report(*closed);
    }
}

}  // namespace nestling::loop
