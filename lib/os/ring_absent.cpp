// SPDX-License-Identifier: MIT
#include <cerrno>
#include <utility>

#include "os/ring.hpp"

namespace nestling::os {

void Ring::Freer::operator()(io_uring*) const noexcept {}

Ring::Ring(Queues queues, unsigned) noexcept : queues_(std::move(queues)), is_disabled_(false), wait_flags_(0) {}
Ring::~Ring() = default;

std::unique_ptr<Ring> Ring::create(unsigned, Refusal& refusal) {
    refusal = {ENOSYS, "built without liburing"};
    return nullptr;
}

// Nobody has one.

int Ring::fd() const noexcept {
    return -1;
}
int Ring::enable() noexcept {
    return ENOSYS;
}
io_uring_sqe* Ring::next(std::uint64_t) noexcept {
    return nullptr;
}
unsigned Ring::handed_out() const noexcept {
    return 0;
}
bool Ring::has_begun(unsigned) const noexcept {
    return true;
}
unsigned Ring::space_left() const noexcept {
    return 0;
}
unsigned Ring::unsubmitted() const noexcept {
    return 0;
}
int Ring::submit() noexcept {
    return ENOSYS;
}
int Ring::submit_and_wait(std::int64_t) noexcept {
    return ENOSYS;
}
bool Ring::needs_enter() const noexcept {
    return false;
}
bool Ring::has_completions() const noexcept {
    return false;
}
bool Ring::peek(Completion&) const noexcept {
    return false;
}
std::size_t Ring::take(std::span<Completion>) noexcept {
    return 0;
}
int Ring::cancel_now(std::uint64_t, int, std::int64_t) noexcept {
    return ENOSYS;
}
void Ring::cancel_all() noexcept {}

}  // namespace nestling::os
