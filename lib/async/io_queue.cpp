// SPDX-License-Identifier: MIT
#include <nestling/io_queue.hpp>

#include <utility>

#include "async/io_core.hpp"

namespace nestling {

bool IoRequest::is_pending() const noexcept {
    return node_ != nullptr && async::IoCore::is_pending(*node_);
}

void IoRequest::cancel() noexcept {
    if (node_ != nullptr) {
        node_->core->cancel(*node_);
    }
}

void IoRequest::detach() noexcept {
    if (async::IoNode* const node = std::exchange(node_, nullptr)) {
        node->core->detach(*node);
    }
}

void IoRequest::drop() noexcept {
    async::IoNode* const node = std::exchange(node_, nullptr);
    node->core->drop(*node);
}

IoQueue::IoQueue(Context& context, const IoQueueOptions& options) : core_(new async::IoCore(context, options)) {}

IoQueue::~IoQueue() {
    core_->close();
}

IoRequest IoQueue::start(IoOperation operation, Callback<void(IoResult)> done) {
    return IoRequest(core_->start(std::move(operation), std::move(done)));
}

IoRequest IoQueue::start_chain(std::span<IoStep> steps) {
    return IoRequest(core_->start_chain(steps));
}

void IoQueue::post(IoOperation operation, Callback<void(IoResult)> done) {
    core_->post(std::move(operation), std::move(done));
}

void IoQueue::flush() {
    core_->flush();
}
std::size_t IoQueue::pending() const {
    return core_->pending();
}
IoEngine IoQueue::engine() const noexcept {
    return core_->engine();
}
const std::string& IoQueue::engine_reason() const noexcept {
    return core_->engine_reason();
}

}  // namespace nestling
