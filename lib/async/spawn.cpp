// SPDX-License-Identifier: MIT
#include <nestling/spawn.hpp>

#include <utility>

#include "loop/context_core.hpp"

namespace nestling {

TaskHandle::TaskHandle(async::TaskRoot& root, std::stop_source source) noexcept
    : root_(&root), source_(std::move(source)) {
    root.holder_ = this;
}

TaskHandle::TaskHandle(TaskHandle&& other) noexcept
    : root_(std::exchange(other.root_, nullptr)),
      source_(std::exchange(other.source_, std::stop_source(std::nostopstate))) {
    if (root_ != nullptr) {
        root_->holder_ = this;
    }
}

TaskHandle& TaskHandle::operator=(TaskHandle&& other) noexcept {
    if (this != &other) {
        const TaskHandle old(std::move(*this));
        root_ = std::exchange(other.root_, nullptr);
        source_ = std::exchange(other.source_, std::stop_source(std::nostopstate));
        if (root_ != nullptr) {
            root_->holder_ = this;
        }
    }
    return *this;
}

TaskHandle::~TaskHandle() {
    if (root_ != nullptr) {
        root_->home().core().assert_home("~TaskHandle()");
        source_.request_stop();
        std::exchange(root_, nullptr)->doom();
    }
}

}  // namespace nestling
