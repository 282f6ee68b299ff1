// SPDX-License-Identifier: MIT
//
// The proof of the wake protocol by the explorer: every scenario with the shipped orders, and every ordering weakened.
//
//   wake-proof [scenarios|mutations|all] [--traces] [FILTER]
//
// Ends with `N passed, N failed`; exit code 1 if anything failed.

#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "model/scenarios/hand_over.hpp"
#include "model/scenarios/home_list.hpp"
#include "model/scenarios/lifetime.hpp"
#include "model/scenarios/publishing.hpp"
#include "model/scenarios/window.hpp"
#include "sites_of_the_headers.hpp"

namespace nestling::model {
namespace {

using Oneword = OnewordForm<MutableOnewordOrders, MutableBottomHalfOrders>;
using Seed = SeedForm<MutableSeedOrders, MutableBottomHalfOrders>;

struct Tally {
    int passed = 0;
    int failed = 0;
    void count(bool good) { ++(good ? passed : failed); }
};

struct Settings {
    bool scenarios = true;
    bool mutations = true;
    bool traces = false;
    std::string filter;
};

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void prove(const char* protocol, const std::vector<NamedScenario>& scenarios, const Settings& settings, Tally& tally) {
    for (const NamedScenario& scenario : scenarios) {
        if (scenario.name.find(settings.filter) == std::string::npos) {
            continue;
        }
        const auto begin = std::chrono::steady_clock::now();
        Options options;
        options.bounds = scenario.bounds;
        const Result result = scenario.run(options);
        tally.count(result.ok());
        std::printf("| %s | %s | explorer | %s | %llu | %.1f |\n", scenario.name.c_str(), protocol,
                    !result.ok()       ? "BROKEN"
                    : result.unbounded ? "ok, all executions"
                                       : "ok, bounded",
                    static_cast<unsigned long long>(result.executions), seconds_since(begin));
        if (!result.ok()) {
            std::printf("%s\n", result.describe().c_str());
        }
        std::fflush(stdout);
    }
}

/// The first scenario that breaks, within small bounds first.
Result break_it(const std::vector<NamedScenario>& scenarios, std::string& where) {
    for (const Bounds bounds : {Bounds{1, 1, 0}, Bounds{2, 2, 1}, Bounds{3, 2, 1}}) {
        for (const NamedScenario& scenario : scenarios) {
            Options options;
            options.bounds = bounds;
            options.executions = 400'000;
            Result result = scenario.run(options);
            if (result.failure != Failure::none) {
                where = scenario.name;
                return result;
            }
        }
    }
    return {};
}

void mutate(const char* protocol, const char* orders, const std::vector<NamedScenario>& scenarios,
            const Settings& settings, Tally& tally) {
    for (const Site& site : all_sites) {
        if (std::strcmp(site.orders, orders) != 0 ||
            std::string(site.name).find(settings.filter) == std::string::npos) {
            continue;
        }
        for (const std::memory_order order : weaker_orders(site.shipped)) {
            const Weakened weakened(site, order);
            std::string where;
            const Result result = break_it(scenarios, where);
            const bool found = result.failure != Failure::none;
            tally.count(found);
            std::printf("| %s | %s | %s | %s -> %s | %s | %s | %zu |\n", protocol, site.barrier, site.name,
                        order_name(site.shipped), order_name(order),
                        found ? (std::string(name_of(result.failure)) + ": " + result.text).c_str() : "NOT REPORTED",
                        found ? where.c_str() : "-", result.trace_steps);
            if (found && settings.traces) {
                std::printf("%s\n", result.describe().c_str());
            }
            std::fflush(stdout);
        }
    }
}

int run(const Settings& settings) {
    Tally tally;
    const auto oneword = all_scenarios<Oneword>();
    const auto seed = all_scenarios<Seed>();
    const auto hand_over = hand_over_scenarios<MutableHomeOrders, MutableOuterOrders>();
    if (settings.scenarios) {
        std::puts(
            "MATRIX BEGIN\n| scenario | protocol | tool | verdict | executions | seconds |\n|---|---|---|---|---|---|");
        prove("oneword", oneword, settings, tally);
        prove("seed", seed, settings, tally);
        prove("both", hand_over, settings, tally);
        std::puts("MATRIX END");
    }
    if (settings.mutations) {
        std::puts(
            "\n| protocol | barrier | site | weakened | reported | in scenario | steps "
            "|\n|---|---|---|---|---|---|---|");
        mutate("oneword", "OnewordOrders", oneword, settings, tally);
        mutate("seed", "SeedOrders", seed, settings, tally);
        mutate("both", "BottomHalfOrders", oneword, settings, tally);
        mutate("both", "HomeOrders", hand_over, settings, tally);
        mutate("both", "OuterOrders", hand_over, settings, tally);
    }
    std::printf("\n%d passed, %d failed\n", tally.passed, tally.failed);
    return tally.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace nestling::model

int main(int count, char** values) {
    nestling::model::Settings settings;
    for (int at = 1; at < count; ++at) {
        const std::string value = values[at];
        if (value == "scenarios") {
            settings.mutations = false;
        } else if (value == "mutations") {
            settings.scenarios = false;
        } else if (value == "--traces") {
            settings.traces = true;
        } else if (value != "all") {
            settings.filter = value;
        }
    }
    return nestling::model::run(settings);
}
