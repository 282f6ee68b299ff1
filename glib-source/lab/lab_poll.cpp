// SPDX-License-Identifier: MIT
// The poll of an iteration: answers of the script, of the kernel, and the time in between.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "lab_core.hpp"
#include "stage/stage.hpp"
#include "trace/timeline.hpp"

namespace nestling::lab {

LabCore::Answers LabCore::look(GPollFD* fds, guint count) {
    if (script_.take_interrupt()) {
        return {-1, EINTR};
    }
    Answers answers;
    real_fds_.clear();
    for (guint at = 0; at != count; ++at) {
        GPollFD& polled = fds[at];
        polled.revents = 0;
        if (script_.has(polled.fd)) {
            polled.revents = script_.answer(static_cast<int>(polled.fd), polled.events);
        } else if (counts_calls_ && polled.fd == wakeup_fd_) {
            polled.revents = stage::is_wakeup_pending() ? polled.events : gushort{0};
        } else {
            real_fds_.push_back(polled);
            continue;
        }
        answers.ready += polled.revents != 0 ? 1 : 0;
    }
    if (!real_fds_.empty()) {
        const int ready = stage::poll(real_fds_.data(), static_cast<guint>(real_fds_.size()), 0);
        answers.ready += ready > 0 ? ready : 0;
        std::size_t next = 0;
        for (guint at = 0; at != count && next != real_fds_.size(); ++at) {
            if (fds[at].fd == real_fds_[next].fd && fds[at].events == real_fds_[next].events) {
                fds[at].revents = ready > 0 ? real_fds_[next].revents : gushort{0};
                ++next;
            }
        }
    }
    for (guint at = 0; at != count; ++at) {
        if (fds[at].revents != 0 && script_.has(fds[at].fd)) {
            script_.told(static_cast<int>(fds[at].fd));
        }
    }
    return answers;
}

int LabCore::wait_really(GPollFD* fds, guint count) {
    std::vector<GPollFD> all;
    for (guint at = 0; at != count; ++at) {
        if (!script_.has(fds[at].fd)) {
            all.push_back(fds[at]);
        }
    }
    stage::poll(all.data(), static_cast<guint>(all.size()), options_.patience.count());
    return look(fds, count).ready;
}

void LabCore::let_busy_time_pass() {
    constexpr std::uint64_t polls_for_nothing = 1000;
    constexpr std::int64_t time_of_poll = 100'000;
    if (busy_polls_ < polls_for_nothing || !has_virtual_time()) {
        return;
    }
    const std::int64_t end = clock() + time_of_poll;
    move_to(horizon_ >= 0 && horizon_ < end ? std::max(horizon_, clock()) : end, nullptr);
}

int LabCore::poll(GPollFD* fds, guint count, int timeout, Idle idle) {
    constexpr std::int64_t millisecond = 1'000'000;
    Step& step = step_for_poll();
    step.has_polled = true;
    step.timeout = timeout;
    let_busy_time_pass();
    const std::int64_t begin = clock();
    const std::int64_t deadline = timeout < 0 ? -1 : begin + timeout * millisecond;
    script_.take_end_of_poll();
    Answers answers;
    const bool has_come = pass(
        deadline,
        [&] {
            answers = look(fds, count);
            return script_.take_end_of_poll() || answers.ready != 0;
        },
        &real_fds_);
    if (!has_come) {
        if (idle != Idle::give_up) {
            answers.ready = wait_really(fds, count);
        }
        step.would_sleep = answers.ready == 0;
        if (step.would_sleep && idle == Idle::abort) {
            const std::string text = timeline(*this, options_.steps_kept);
            static_cast<void>(
                std::fprintf(stderr,
                             "nestling-lab: a loop sleeps without limit, nothing is scripted, and nothing "
                             "came in %lld ms:\n%s",
                             static_cast<long long>(options_.patience.count()), text.c_str()));
            std::abort();
        }
    }
    step.slept = std::chrono::nanoseconds(clock() - begin);
    step.was_cut = answers.ready == 0 && horizon_ >= 0 && clock() >= horizon_ && (deadline < 0 || clock() < deadline);
    step.poll_result = answers.ready;
    step.poll_error = answers.error;
    busy_polls_ = step.slept.count() == 0 && !step.would_sleep ? busy_polls_ + 1 : 0;
    for (guint at = 0; at != count; ++at) {
        step.polled.push_back({static_cast<std::int64_t>(fds[at].fd), fds[at].events, fds[at].revents,
                               fds[at].fd == wakeup_fd_, script_.has(fds[at].fd)});
    }
    errno = answers.error;
    return answers.ready;
}

}  // namespace nestling::lab
