// SPDX-License-Identifier: MIT
// Case 18: a child process that goes on with the loop of its parent.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kit/trial.hpp"

namespace nestling::lab::kit {

void fork_is_loud(const Bench& bench) {
    not_for(bench, Traits::repeats, "what a child takes of its events cannot be told");
    Trial trial(bench);
    const std::uint64_t before = trial.deliveries();
    trial.stimulate();
    const std::uint64_t criticals_before = criticals();
    const pid_t child = fork();
    if (child == 0) {
        // What it says is not for the terminal.
        const int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        dup2(nowhere, STDOUT_FILENO);
        constexpr int iterations = 3;
        for (int iteration = 0; iteration != iterations; ++iteration) {
            g_main_context_iteration(trial.lab().context(), FALSE);
        }
        _exit(criticals() != criticals_before ? 1 : 0);
    }
    trial.expect(child > 0, "fork() failed");
    int status = 0;
    waitpid(child, &status, 0);
    const bool was_loud = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
    if (!trial.await(before + 1) && !was_loud) {
        trial.fail("a child process that iterates after fork() takes an event from its parent, and nobody says so");
    }
}

}  // namespace nestling::lab::kit
