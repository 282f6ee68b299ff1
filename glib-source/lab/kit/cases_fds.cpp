// SPDX-License-Identifier: MIT
// Cases 15 to 17: what poll may say.
#include <vector>

#include "kit/fd_of_another.hpp"
#include "kit/trial.hpp"

namespace nestling::lab::kit {

using namespace std::chrono_literals;

namespace {

/// The descriptors that the source gives to GLib.
std::vector<int> fds_of(const Step& step) {
    std::vector<int> fds;
    for (const PolledFd& polled : step.polled) {
        if (!polled.is_wakeup) {
            fds.push_back(static_cast<int>(polled.fd));
        }
    }
    return fds;
}

void expect_rest(Trial& trial, const std::string& circumstance) {
    const std::uint64_t steps = trial.lab().steps_made();
    trial.lab().run_for(trial.a_while() / 10);
    constexpr std::uint64_t few = 50;
    trial.expect(trial.lab().steps_made() - steps <= few, "the loop spins " + circumstance);
}

}  // namespace

void errors_do_not_spin(const Bench& bench) {
    not_for(bench, Traits::repeats, "it is never at rest");
    struct Error {
        int condition;
        const char* words;
    };
    for (const Error error : {Error{G_IO_NVAL, "when its descriptor was closed (NVAL)"},
                              Error{G_IO_HUP, "when the other end hung up (HUP)"},
                              Error{G_IO_ERR, "when its descriptor has an error (ERR)"}}) {
        Trial trial(bench);
        const std::vector<int> fds = fds_of(trial.look());
        if (fds.empty()) {
            not_applicable("it gives GLib no descriptor to poll");
        }
        for (const int fd : fds) {
            trial.lab().ready(fd, error.condition);
        }
        expect_rest(trial, error.words);
    }
}

void fd_number_reused(const Bench& bench) {
    if (!bench.subject.fd) {
        not_applicable("it has no descriptor that is not its own");
    }
    Trial trial(bench);
    const FdOfAnother other(bench.subject.fd(trial.source()));
    const std::uint64_t before = trial.deliveries();
    expect_rest(trial, "when the number of its descriptor belongs to another file");
    trial.expect(trial.deliveries() == before, "it delivers the event of another file, which has got its number");
}

void interrupted_poll(const Bench& bench) {
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.lab().at(trial.lab().now()).interrupt();
    trial.look();
    if (!trial.is(Traits::repeats)) {
        trial.expect(trial.deliveries() == before, "it takes an interrupted poll for an event");
    }
    trial.stimulate();
    trial.lab().at(trial.lab().now()).interrupt();
    trial.look();
    trial.expect_delivered(before, 1, "around an interrupted poll");
}

}  // namespace nestling::lab::kit
