// SPDX-License-Identifier: MIT
#include <nestling/external_loop.hpp>

#include <system_error>

#include "loop/context_core.hpp"

namespace nestling {

ExternalLoop::ExternalLoop(Context& context) : core_(context.core()) {
    core_.assert_not_forked("ExternalLoop");
    if (!core_.attachment().attach()) {
        throw std::system_error(std::make_error_code(std::errc::device_or_resource_busy),
                                "nestling: context \"" + context.name() + "\" is nested in a loop already");
    }
    core_.begin_outer();
}

ExternalLoop::~ExternalLoop() {
    core_.attachment().detach();
}

Prepared ExternalLoop::prepare() {
    return core_.prepare();
}
std::span<PollHandle> ExternalLoop::polls() noexcept {
    return core_.polls();
}
std::uint64_t ExternalLoop::polls_version() const noexcept {
    return core_.polls_version();
}
bool ExternalLoop::may_rest() const noexcept {
    return core_.may_rest();
}
bool ExternalLoop::check() {
    return core_.check();
}
bool ExternalLoop::dispatch(std::chrono::nanoseconds budget) {
    return core_.dispatch(budget.count());
}
void ExternalLoop::end_dispatch() noexcept {
    core_.end_dispatch();
}

}  // namespace nestling
