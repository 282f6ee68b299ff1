// SPDX-License-Identifier: MIT
#include "iteration.hpp"

namespace nestling::lab {

bool Iteration::prepare() {
    is_open_ = true;
    core_.begin_step();
    core_.enter(Phase::prepare);
    return g_main_context_prepare(core_.context(), &priority_) != FALSE;
}

void Iteration::query() {
    core_.enter(Phase::query);
    constexpr std::size_t least = 8;
    fds_.resize(std::max(fds_.size(), least));
    for (;;) {
        const gint needed =
            g_main_context_query(core_.context(), priority_, &timeout_, fds_.data(), static_cast<gint>(fds_.size()));
        count_ = static_cast<guint>(needed);
        if (count_ <= fds_.size()) {
            return;
        }
        fds_.resize(count_);
    }
}

int Iteration::poll(LabCore::Idle idle) {
    core_.enter(Phase::poll);
    return core_.poll(fds_.data(), count_, timeout_, idle);
}

bool Iteration::check() {
    core_.enter(Phase::check);
    return g_main_context_check(core_.context(), priority_, fds_.data(), static_cast<gint>(count_)) != FALSE;
}

void Iteration::dispatch() {
    core_.enter(Phase::dispatch);
    is_open_ = false;
    g_main_context_dispatch(core_.context());
    core_.end_step();
}

const Step& Iteration::whole(LabCore::Idle idle) {
    prepare();
    Step& step = *core_.tracer().current();
    query();
    poll(idle);
    check();
    dispatch();
    return step;
}

}  // namespace nestling::lab
