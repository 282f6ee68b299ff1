// SPDX-License-Identifier: MIT
#include "loop/fd_table.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <optional>

namespace nestling::loop {

namespace {
bool is_open(int fd) noexcept {
    return ::fcntl(fd, F_GETFD) >= 0 || errno != EBADF;
}
bool says_closed(const std::error_code& error) noexcept {
    return error == std::errc::bad_file_descriptor || error == std::errc::no_such_file_or_directory;
}
}  // namespace

FdTable::~FdTable() {
    while (FdNode* node = retired_) {
        retired_ = node->next_retired;
        if (node->on_removed) {
            node->on_removed();
        }
        delete node;
    }
}

// ---- Any thread ----------------------------------------------------------------------------------------------------

std::error_code FdTable::add(FdNode& node, Interest interest) {
    std::optional<ClosedFd> closed;
    std::error_code error;
    {
        const std::lock_guard lock(mutex_);
        error = enter(node, interest);
        FdNode* other = node.fd < 0 ? nullptr : at(static_cast<std::uint32_t>(node.fd));
        if (error == std::errc::file_exists && other != nullptr && other->wanted() != fdmon::event_none &&
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
    if (node.fd < 0 || !is_open(node.fd)) {
        return std::make_error_code(std::errc::bad_file_descriptor);
    }
    const auto fd = static_cast<std::uint32_t>(node.fd);
    if (at(fd) != nullptr) {
        return std::make_error_code(std::errc::file_exists);
    }
    if (fd >= slots_.size()) {
        slots_.resize(std::max<std::size_t>(fd + 1, slots_.size() * 2), nullptr);
    }
    make_room_for_hook();
    node.generation = ++last_generation_ == 0 ? ++last_generation_ : last_generation_;
    node.want(node.events_for(interest));
    if (const std::error_code error = monitor_.add(node.registration())) {
        return error;
    }
    slots_[fd] = &node;
    count(node, 1);
    return {};
}

void FdTable::make_room_for_hook() {
    // First, so that nothing can fail once the kernel knows the descriptor.
    if (hooked_.size() == hooked_.capacity()) {
        hooked_.reserve(hooked_.size() * 2 + 1);
    }
}

bool FdTable::leave(FdNode& node) noexcept {
    const auto fd = static_cast<std::uint32_t>(node.fd);
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
    return says_closed(error) && node.wanted() != fdmon::event_none && !std::exchange(node.closed, true);
}

std::error_code FdTable::replace(FdNode& old, FdNode& fresh) {
    const std::lock_guard lock(mutex_);
    const auto fd = static_cast<std::uint32_t>(old.fd);
    if (at(fd) != &old) {
        return std::make_error_code(std::errc::bad_file_descriptor);
    }
    make_room_for_hook();
    fresh.generation = ++last_generation_ == 0 ? ++last_generation_ : last_generation_;
    fresh.want(fresh.events_for(Interest::both));
    // What wants nothing, before and after, is nothing that the monitor must know.
    if (old.wanted() != fdmon::event_none || fresh.wanted() != fdmon::event_none) {
        if (const std::error_code error = monitor_.modify(fresh.registration())) {
            return error;
        }
    }
    count(old, -1);
    slots_[fd] = &fresh;
    count(fresh, 1);
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
    if (at(static_cast<std::uint32_t>(node.fd)) != &node) {
        return std::make_error_code(std::errc::bad_file_descriptor);
    }
    count(node, -1);
    node.want(events);
    const std::error_code error = monitor_.modify(node.registration());
    if (error) {
        node.want(before);
    }
    count(node, 1);
    return error;
}

void FdTable::remove(FdNode& node) noexcept {
    bool was_closed = false;
    {
        const std::lock_guard lock(mutex_);
        was_closed = leave(node);
    }
    if (was_closed) {
        report(ClosedFd(node));
    }
    const std::lock_guard lock(mutex_);
    retire(node);
}

void FdTable::retire(FdNode& node) noexcept {
    // RELAXED see FdNode::is_removed().
    node.removed.store(true, std::memory_order_relaxed);
    node.next_retired = std::exchange(retired_, &node);
    // RELAXED the mutex carries the list; this only saves the home thread from taking it.
    has_retired_.store(true, std::memory_order_relaxed);
}

void FdTable::count(const FdNode& node, int step) noexcept {
    const auto change = static_cast<std::size_t>(step);
    if (node.wanted() != fdmon::event_none) {
        // RELAXED see needs_look().
        active_count_.fetch_add(change, std::memory_order_relaxed);
    }
    if (node.hooks) {
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
            const bool gone = !is_open(node->fd) || (node->wanted() != fdmon::event_none &&
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

// ---- Home thread ---------------------------------------------------------------------------------------------------

bool FdTable::ask_hooks() {
    std::vector<FdNode*> hooked;
    {
        const std::lock_guard lock(mutex_);
        hooked = hooked_;
    }
    bool any = false;
    is_asking_ = true;
    for (FdNode* node : hooked) {
        if (!node->is_removed() && !node->in_poll_ready && poll_hook_says_yes(*node)) {
            node->poll_is_ready = true;
            enqueue(*node);
            any = true;
        }
    }
    is_asking_ = false;
    return any;
}

bool FdTable::poll_hook_says_yes(FdNode& node) noexcept {
    bool yes = false;
    auto ask = [&] { yes = node.hooks->poll(); };
    CallbackStack::Frame frame(stack_, &node, node.name);
    frame.call(ask);
    return yes;
}

void FdTable::collect(const std::vector<fdmon::Ready>& ready) {
    std::vector<ClosedFd> closed;
    std::error_code error;
    {
        const std::lock_guard lock(mutex_);
        bool stale = false;
        for (const fdmon::Ready& entry : ready) {
            if (entry.key.generation == 0) {
                continue;
            }
            FdNode* node = at(entry.key.fd);
            if (node == nullptr || node->generation != entry.key.generation) {
                stale = true;
            } else if ((entry.events & fdmon::event_closed) != 0) {
                closed.emplace_back(*node);
                static_cast<void>(leave(*node));
                node->closed = true;
            } else {
                node->revents |= entry.events;
                enqueue(*node);
            }
        }
        if (stale && monitor_.set_is_live()) {
            error = rebuild(closed);
        }
    }
    if (error) {
        reporter_.report(Report::Kind::monitor, "", -1, "cannot rebuild the set of descriptors: " + error.message());
    }
    for (const ClosedFd& each : closed) {
        report(each);
    }
}

std::error_code FdTable::rebuild(std::vector<ClosedFd>& closed) {
    // A descriptor that was closed while a duplicate of it lives on stays in the kernel's set for ever, out of reach of
    // its number. Only a new set is free of it.
    std::vector<fdmon::Registration> all = internal_;
    for (FdNode* node : slots_) {
        if (node == nullptr || node->closed) {
            continue;
        }
        if (is_open(node->fd)) {
            all.push_back(node->registration());
        } else {
            closed.emplace_back(*node);
            slots_[static_cast<std::size_t>(node->fd)] = nullptr;
            count(*node, -1);
            node->closed = true;
        }
    }
    return monitor_.rebuild(all);
}

void FdTable::enqueue(FdNode& node) noexcept {
    if (node.is_queued) {
        return;
    }
    node.is_queued = true;
    node.next_ready = nullptr;
    (first_ready_ == nullptr ? first_ready_ : last_ready_->next_ready) = &node;
    last_ready_ = &node;
}

void FdTable::dequeue(FdNode& node) noexcept {
    FdNode* before = nullptr;
    for (FdNode* at = first_ready_; at != nullptr; before = at, at = at->next_ready) {
        if (at == &node) {
            (before == nullptr ? first_ready_ : before->next_ready) = node.next_ready;
            if (last_ready_ == &node) {
                last_ready_ = before;
            }
            node.is_queued = false;
            return;
        }
    }
}

bool FdTable::run(const Budget& budget) noexcept {
    bool progress = false;
    while (FdNode* node = first_ready_) {
        first_ready_ = node->next_ready;
        node->is_queued = false;
        progress = run_one(*node) || progress;
        if (budget.is_used_up()) {
            break;
        }
    }
    return progress;
}

bool FdTable::run_one(FdNode& node) noexcept {
    const std::uint32_t events = std::exchange(node.revents, fdmon::event_none);
    const bool poll_is_ready = std::exchange(node.poll_is_ready, false);
    bool progress = false;
    const auto call = [&](CallbackStack::Frame& frame, Callback<void()>& callback) {
        run_count_.add(1);
        progress = true;
        frame.call(callback);
    };
    CallbackStack::Frame frame(stack_, &node, node.name);
    if (poll_is_ready && events == fdmon::event_none && !node.is_removed()) {
        // A nested poll() must not find the same condition again before this has dealt with it (contracts F6.13).
        const bool outer = std::exchange(node.in_poll_ready, true);
        call(frame, node.hooks->poll_ready);
        node.in_poll_ready = outer;
        return true;
    }
    constexpr std::uint32_t trouble = fdmon::event_error | fdmon::event_hang_up;
    if ((events & (fdmon::event_in | trouble)) != 0 && (node.wanted() & fdmon::event_in) != 0 && !node.is_removed()) {
        call(frame, node.read);
    }
    const bool hang_up_is_ours = (node.wanted() & fdmon::event_in) == 0;
    const std::uint32_t for_write =
        fdmon::event_out | fdmon::event_error | (hang_up_is_ours ? fdmon::event_hang_up : fdmon::event_none);
    if ((events & for_write) != 0 && (node.wanted() & fdmon::event_out) != 0 && !node.is_removed()) {
        call(frame, node.write);
    }
    return progress;
}

void FdTable::reap() {
    // RELAXED see retire().
    if (!has_retired_.load(std::memory_order_relaxed)) {
        return;
    }
    FdNode* nodes = nullptr;
    {
        const std::lock_guard lock(mutex_);
        nodes = std::exchange(retired_, nullptr);
        // RELAXED see retire().
        has_retired_.store(false, std::memory_order_relaxed);
    }
    while (nodes != nullptr) {
        FdNode* node = std::exchange(nodes, nodes->next_retired);
        if (node->is_queued) {
            dequeue(*node);
        }
        stack_.when_done(node, [this, node] {
            if (node->is_queued) {
                dequeue(*node);
            }
            Callback<void()> on_removed = std::move(node->on_removed);
            const char* name = node->name;
            delete node;
            if (on_removed) {
                CallbackStack::Frame frame(stack_, nullptr, name);
                frame.call(on_removed);
            }
        });
    }
}

}  // namespace nestling::loop
