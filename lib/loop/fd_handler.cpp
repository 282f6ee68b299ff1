// SPDX-License-Identifier: MIT
#include <nestling/fd_handler.hpp>

#include <memory>
#include <utility>

#include "loop/context_core.hpp"
#include "loop/held_handlers.hpp"
#include "loop/removal.hpp"

namespace nestling {

using loop::ContextCore;
using loop::FdNode;

FdHandler::FdHandler(Context& context, int fd, const char* name, FdCallbacks callbacks, HandlerClass which) {
    ContextCore& core = context.core();
    core.assert_not_forked("FdHandler");
    const loop::HoldableFd holdable(core, which, callbacks);
    auto extras = FdNode::take_extras(callbacks);
    auto node = core.handles().fd_handlers().make(fd, name, which, std::move(callbacks.read), std::move(extras));
    holdable.belongs_to(*node);
    if (const std::error_code error = core.fds().add(*node, Interest::both)) {
        throw std::system_error(error,
                                "nestling: cannot watch descriptor " + std::to_string(fd) + " for \"" + name + "\"");
    }
    node_ = node.release();
    core.fd_set_changed(*node_);
}

FdHandler& FdHandler::operator=(FdHandler&& other) noexcept {
    std::swap(node_, other.node_);
    FdHandler old(std::move(other));
    return *this;
}

int FdHandler::fd() const noexcept {
    return node_ == nullptr ? -1 : node_->fd();
}

std::error_code FdHandler::set(FdCallbacks callbacks) {
    ContextCore& core = node_->core();
    core.assert_not_forked("FdHandler::set()");
    const HandlerClass which = node_->handler_class;
    const loop::HoldableFd holdable(core, which, callbacks);
    auto extras = FdNode::take_extras(callbacks);
    auto fresh = core.handles().fd_handlers().make(node_->fd(), node_->name, which, std::move(callbacks.read),
                                                   std::move(extras));
    holdable.belongs_to(*fresh);
    if (const std::error_code error = core.fds().replace(*node_, *fresh)) {
        return error;
    }
    node_ = fresh.release();
    if (core.is_home()) {
        core.fds().reap();
        core.fd_set_changed(*node_);
    } else {
        core.notify();
    }
    return {};
}

std::error_code FdHandler::watch(Interest interest) {
    ContextCore& core = node_->core();
    core.assert_not_forked("FdHandler::watch()");
    const std::error_code error = core.fds().watch(*node_, interest);
    core.fd_set_changed(*node_);
    return error;
}

void FdHandler::remove(Callback<void()> removed) {
    FdNode* node = node_;
    if (node == nullptr) {
        return;
    }
    ContextCore& core = node->core();
    if (!core.is_home()) {
        if (removed) {
            // First: when memory has run out, nothing has changed.
            node->promise(std::move(removed));
        }
        node_ = nullptr;
        core.fds().remove(*node);
        core.notify();
        return;
    }
    node_ = nullptr;
    const char* name = node->name;
    core.fds().remove(*node);
    core.fds().reap();
    if (!removed) {
        return;
    }
    // Not kept in the node, which would ask for memory.
    if (core.stack().is_running(node)) {
        core.stack().when_done(node, std::move(removed));
    } else {
        loop::CallbackStack::Frame frame(core.stack(), nullptr, name);
        frame.call(removed);
    }
}

void FdHandler::remove_and_wait() {
    if (node_ != nullptr) {
        loop::wait_for_removal(node_->core(), [this](Callback<void()> removed) { remove(std::move(removed)); });
    }
}

}  // namespace nestling
