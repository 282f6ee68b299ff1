// SPDX-License-Identifier: MIT
#include <nestling/context.hpp>

#include "loop/context_core.hpp"

namespace nestling {

Context::Context(ContextOptions options) : core_(std::make_unique<loop::ContextCore>(std::move(options))) {}
Context::~Context() = default;

void Context::notify() noexcept {
    core_->notify();
}
void Context::post(const char* name, Callback<void()> callback) {
    core_->post(name, std::move(callback));
}
const std::string& Context::name() const noexcept {
    return core_->reporter().context_name();
}
MonitorChoice Context::monitor() const {
    return core_->monitor_choice();
}
bool Context::is_home() const noexcept {
    return core_->is_home();
}
Statistics Context::statistics() const noexcept {
    return core_->statistics();
}
std::size_t Context::report_closed_fds() {
    return core_->fds().report_closed();
}

bool Context::poll(Wait wait) {
    return core_->poll(wait);
}

std::chrono::nanoseconds Context::virtual_time() const {
    core_->assert_home("virtual_time()");
    return std::chrono::nanoseconds(core_->timers().virtual_now());
}

void Context::advance_virtual_time(std::chrono::nanoseconds step) {
    core_->assert_home("advance_virtual_time()");
    if (step.count() < 0) {
        core_->reporter().die("", "advance_virtual_time() by a negative step");
    }
    core_->timers().advance_virtual(step.count());
    core_->work_appeared();
}

void Context::set_busy_polling(const BusyPolling& rule) {
    core_->assert_home("set_busy_polling()");
    core_->spinner().set_rule(rule);
}
BusyPolling Context::busy_polling() const {
    core_->assert_home("busy_polling()");
    return core_->spinner().rule();
}
void Context::set_iteration_budget(std::chrono::nanoseconds budget) {
    core_->assert_home("set_iteration_budget()");
    core_->set_iteration_budget(budget.count());
}
void Context::set_precise_tail(std::chrono::nanoseconds tail) {
    core_->assert_home("set_precise_tail()");
    core_->spinner().set_tail(tail);
}

void Context::release_home() NESTLING_UNCHECKED {
    core_->release_home();
}
void Context::adopt_home() NESTLING_UNCHECKED {
    core_->adopt_home();
}
void Context::assert_home() const {
    core_->assert_home("assert_home()");
}

}  // namespace nestling
