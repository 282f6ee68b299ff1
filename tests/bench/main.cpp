// SPDX-License-Identifier: MIT
// Measures Nestling, its peers and the bare limit side by side. tests/bench/run is the command.
#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "bench/driver.hpp"
#include "bench/event_fds.hpp"
#include "bench/goals_report.hpp"
#include "bench/json.hpp"
#include "bench/machine.hpp"
#include "bench/options.hpp"
#include "bench/own_process.hpp"
#include "bench/tables.hpp"

namespace {

using namespace bench;

template <class F>
void write_file(const std::string& path, F write) {
    std::ofstream file(path);
    write(file);
    file.close();
    if (!file) {
        throw std::runtime_error("cannot write " + path);
    }
}

int run_one(const Registry& registry, const std::string& measure, const std::string& peer) {
    const Run* run = registry.find(peer, measure);
    if (run == nullptr) {
        throw std::invalid_argument("this program cannot measure " + measure + " for '" + peer + "'");
    }
    std::cout << (*run)({5'000'000, 0, 0}).value() << "\n";
    return 0;
}

void check_names(const Registry& registry, const Options& options) {
    const auto& all = measures();
    if (std::none_of(all.begin(), all.end(), [&](const Measure& known) { return options.wants_measure(known.id); })) {
        throw std::invalid_argument("no measure has such a name (--list shows them)");
    }
    for (const std::string& wanted : options.peers) {
        bool known = false;
        for (const Registry::Named& peer : registry.peers()) {
            known = known || peer.name == wanted;
        }
        if (!known) {
            throw std::invalid_argument("no such peer here: " + wanted + " (--list shows them)");
        }
    }
}

int measure(const Registry& registry, const Options& options) {
    const Machine machine = this_machine();
    const Results results = measure_all(registry, options);
    print_tables(std::cout, registry, results, options, machine);
    print_goals(std::cout, results, options);
    if (!options.json_file.empty()) {
        write_file(options.json_file, [&](std::ostream& out) { write_json(out, registry, results, options, machine); });
    }
    if (!options.csv_file.empty()) {
        write_file(options.csv_file, [&](std::ostream& out) { write_csv(out, registry, results); });
    }
    if (results.failures() > 0) {
        std::cerr << results.failures() << " measurements failed; the tables say which and why.\n";
        return 1;
    }
    return 0;
}

}  // namespace

int main(int count, char** words) {
    try {
        const Options options = parse_options(count, words);
        if (options.task == Options::Task::help) {
            std::cout << usage_text;
            return 0;
        }
        allow_many_files();
        Registry registry;
        add_all_peers(registry);
        if (options.task == Options::Task::run_one) {
            return run_one(registry, options.one_measure, options.one_peer);
        }
        move_to_own_processes(registry);
        check_names(registry, options);
        if (options.task == Options::Task::list) {
            print_list(std::cout, registry);
            return 0;
        }
        return measure(registry, options);
    } catch (const std::invalid_argument& error) {
        std::cerr << error.what() << "\n\n" << usage_text;
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "nestling-bench: " << error.what() << "\n";
        return 1;
    }
}
