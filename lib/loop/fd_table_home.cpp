// SPDX-License-Identifier: MIT
#include <utility>

#include "loop/fd_table.hpp"
#include "loop/node_pool.hpp"
#include "os/descriptor_state.hpp"

namespace nestling::loop {

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
            ready_.add(*node);
            any = true;
        }
    }
    is_asking_ = false;
    return any;
}

bool FdTable::poll_hook_says_yes(FdNode& node) noexcept {
    bool yes = false;
    auto ask = [&] { yes = node.extras->poll(); };
    CallbackStack::Frame frame(stack_, &node, node.name);
    frame.ask(ask);
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
            if (node == nullptr || node->key.generation != entry.key.generation) {
                stale = true;
            } else if ((entry.events & fdmon::event_closed) != 0) {
                closed.emplace_back(*node);
                static_cast<void>(leave(*node));
                node->closed = true;
            } else {
                node->revents |= static_cast<std::uint8_t>(entry.events);
                ready_.add(*node);
            }
        }
        if (stale && monitor_.set_is_live()) {
            error = rebuild(closed);
        }
    }
    if (error && !std::exchange(has_complained_, true)) {
        // Once: until a rebuild succeeds, each wait meets the same event and tries again.
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
        if (os::is_open(node->fd())) {
            all.push_back(node->registration());
        } else {
            closed.emplace_back(*node);
            slots_[node->key.fd] = nullptr;
            count(*node, -1);
            node->closed = true;
        }
    }
    const std::error_code error = monitor_.rebuild(all);
    has_complained_ = has_complained_ && error;
    return error;
}

void FdTable::reap() {
    for (FdNode* node = retired_.take(); node != nullptr;) {
        FdNode* gone = std::exchange(node, node->next_retired);
        ready_.erase(*gone);
        stack_.when_done(gone, [this, gone] {
            ready_.erase(*gone);
            const std::unique_ptr<FdNode::Extras> extras = std::move(gone->extras);
            const char* name = gone->name;
            NodePool<FdNode>::destroy(*gone);
            if (extras != nullptr && extras->on_removed) {
                CallbackStack::Frame frame(stack_, nullptr, name);
                frame.call(extras->on_removed);
            }
        });
    }
}

}  // namespace nestling::loop
