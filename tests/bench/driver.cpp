// SPDX-License-Identifier: MIT
#include "bench/driver.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/clock.hpp"

namespace bench {

namespace {

constexpr unsigned longest_run_s = 60;

/// What runs now, for the signal handler.
std::array<char, 128> current{};

extern "C" void name_what_hangs(int) {
    constexpr std::string_view text = "\nThis hangs: ";
    std::size_t length = 0;
    while (length < current.size() && current[length] != '\0') {
        ++length;
    }
    if (::write(STDERR_FILENO, text.data(), text.size()) < 0 || ::write(STDERR_FILENO, current.data(), length) < 0 ||
        ::write(STDERR_FILENO, "\n", 1) < 0) {
        ::_exit(4);
    }
    ::_exit(3);
}

/// One line on stderr that replaces itself; where stderr is no terminal, one line for each round.
class Progress {
public:
    Progress(std::size_t steps, int rounds) : steps_(steps), rounds_(rounds), start_(now_ns()) {}

    void step(int round, const char* measure, const std::string& peer) {
        std::snprintf(current.data(), current.size(), "%s %s", measure, peer.c_str());
        const auto seconds = (now_ns() - start_) / 1'000'000'000;
        if (terminal_) {
            std::fprintf(stderr, "\r\033[K[%3zu %%] round %d of %d, %lld s: %s", done_ * 100 / steps_, round + 1,
                         rounds_, static_cast<long long>(seconds), current.data());
        } else if (round != shown_) {
            std::fprintf(stderr, "[%3zu %%] round %d of %d, %lld s\n", done_ * 100 / steps_, round + 1, rounds_,
                         static_cast<long long>(seconds));
        }
        shown_ = round;
        ++done_;
    }
    void end() const {
        std::fprintf(stderr, "%sMeasured for %lld s.\n", terminal_ ? "\r\033[K" : "",
                     static_cast<long long>((now_ns() - start_) / 1'000'000'000));
    }

private:
    std::size_t steps_;
    int rounds_;
    std::int64_t start_;
    std::size_t done_ = 0;
    int shown_ = -1;
    bool terminal_ = ::isatty(STDERR_FILENO) == 1;
};

struct Job {
    const Measure* measure;
    std::vector<std::string> peers;
};

std::vector<Job> wanted_jobs(const Registry& registry, const Options& options) {
    std::vector<Job> jobs;
    for (const Measure& measure : measures()) {
        Job job{&measure, {}};
        for (const Registry::Named& peer : registry.peers()) {
            if (options.wants_measure(measure.id) && options.wants_peer(peer.name) &&
                registry.find(peer.name, measure.id) != nullptr) {
                job.peers.push_back(peer.name);
            }
        }
        if (!job.peers.empty()) {
            jobs.push_back(std::move(job));
        }
    }
    return jobs;
}

void run_one(const Registry& registry, const Measure& measure, const std::string& peer, const Effort& effort,
             Results& results) {
    ::alarm(longest_run_s);
    try {
        results.add(measure.id, peer, (*registry.find(peer, measure.id))(effort));
    } catch (const std::exception& error) {
        results.add(measure.id, peer, std::nullopt);
        results.add_failure(measure.id, peer, error.what());
    }
    ::alarm(0);
}

}  // namespace

Results measure_all(const Registry& registry, const Options& options) {
    struct sigaction action {};
    action.sa_handler = &name_what_hangs;
    ::sigaction(SIGALRM, &action, nullptr);

    const std::vector<Job> jobs = wanted_jobs(registry, options);
    const int rounds = options.used_rounds();
    std::size_t steps = 0;
    for (const Job& job : jobs) {
        const int own = job.measure->rounds > 0 ? std::min(rounds, job.measure->rounds) : rounds;
        steps += job.peers.size() * static_cast<std::size_t>(own);
    }
    Results results;
    Progress progress(std::max<std::size_t>(steps, 1), rounds);
    for (int round = 0; round < rounds; ++round) {
        for (const Job& job : jobs) {
            if (job.measure->rounds > 0 && round >= job.measure->rounds) {
                continue;
            }
            for (std::size_t turn = 0; turn < job.peers.size(); ++turn) {
                const std::string& peer = job.peers[(turn + static_cast<std::size_t>(round)) % job.peers.size()];
                progress.step(round, job.measure->id, peer);
                run_one(registry, *job.measure, peer, options.effort(), results);
            }
        }
    }
    progress.end();
    return results;
}

}  // namespace bench
