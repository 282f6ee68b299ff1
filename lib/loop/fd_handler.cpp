// SPDX-License-Identifier: MIT
#include <nestling/fd_handler.hpp>

#include <memory>
#include <utility>

#include "loop/context_core.hpp"
#include "loop/removal.hpp"

namespace nestling {

using loop::ContextCore;
using loop::FdNode;

namespace {

/// Names a handle that is being made, and forgets it again unless that comes to a good end.
class Registration {
public:
    Registration(ContextCore& core, FdNode& node) : core_(core), node_(&node) { core_.handles().add(node); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
    ~Registration() {
        if (node_ != nullptr) {
            core_.handles().remove(*node_);
        }
    }
    void keep() noexcept { node_ = nullptr; }

private:
    ContextCore& core_;
    FdNode* node_;
};

}  // namespace

FdHandler::FdHandler(Context& context, int fd, const char* name, FdCallbacks callbacks) {
    ContextCore& core = context.core();
    core.assert_not_forked("FdHandler");
    auto node = std::make_unique<FdNode>(core, fd, name, std::move(callbacks));
    Registration registration(core, *node);
    if (const std::error_code error = core.fds().add(*node, Interest::both)) {
        throw std::system_error(error,
                                "nestling: cannot watch descriptor " + std::to_string(fd) + " for \"" + name + "\"");
    }
    registration.keep();
    node_ = node.release();
    core.fd_set_changed(*node_);
}

FdHandler::FdHandler(FdHandler&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}

FdHandler& FdHandler::operator=(FdHandler&& other) noexcept {
    std::swap(node_, other.node_);
    FdHandler old(std::move(other));
    return *this;
}

FdHandler::~FdHandler() {
    remove(Callback<void()>());
}

int FdHandler::fd() const noexcept {
    return node_ == nullptr ? -1 : node_->fd;
}

std::error_code FdHandler::set(FdCallbacks callbacks) {
    ContextCore& core = *node_->core;
    core.assert_not_forked("FdHandler::set()");
    auto fresh = std::make_unique<FdNode>(core, node_->fd, node_->name, std::move(callbacks));
    FdNode* old = node_;
    // Before the table lets go of it: from then on the home thread may free it at any time.
    core.handles().replace(*old, *fresh);
    if (const std::error_code error = core.fds().replace(*old, *fresh)) {
        core.handles().replace(*fresh, *old);
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
    ContextCore& core = *node_->core;
    core.assert_not_forked("FdHandler::watch()");
    const std::error_code error = core.fds().watch(*node_, interest);
    core.fd_set_changed(*node_);
    return error;
}

void FdHandler::remove(Callback<void()> removed) {
    FdNode* node = std::exchange(node_, nullptr);
    if (node == nullptr) {
        return;
    }
    ContextCore& core = *node->core;
    core.handles().remove(*node);
    node->on_removed = std::move(removed);
    core.fds().remove(*node);
    if (core.is_home()) {
        core.fds().reap();
    } else {
        core.notify();
    }
}

void FdHandler::remove_and_wait() {
    if (node_ != nullptr) {
        loop::wait_for_removal(*node_->core, [this](Callback<void()> removed) { remove(std::move(removed)); });
    }
}

}  // namespace nestling
