// SPDX-License-Identifier: MIT
#include "bench/tables.hpp"

#include <algorithm>
#include <ostream>

#include "bench/numbers.hpp"
#include "bench/threads.hpp"

namespace bench {

namespace {

struct Row {
    std::string peer;
    Quartiles value;
};

bool is_ours(std::string_view peer) {
    return peer.rfind("nestling", 0) == 0;
}

std::string ratio_text(const Results& results, const Measure& measure, const std::string& peer,
                       const std::string& against) {
    const Outcome ratio = against.empty() ? Outcome() : results.ratio({measure.id, peer}, {measure.id, against});
    return ratio ? short_number(*ratio) : "–";
}

void print_missing(std::ostream& out, const Registry& registry, const Results& results, const Measure& measure,
                   const Options& options) {
    std::string cannot;
    for (const Registry::Named& peer : registry.peers()) {
        const std::string failure = results.failure(measure.id, peer.name);
        if (!failure.empty()) {
            out << "\n" << peer.name << " failed: " << failure << "\n";
        } else if (options.wants_peer(peer.name) && registry.find(peer.name, measure.id) == nullptr) {
            cannot += (cannot.empty() ? "" : ", ") + peer.name;
        } else if (results.rounds(measure.id, peer.name) != nullptr && !results.quartiles(measure, peer.name)) {
            out << "\n" << peer.name << ": the loop made no progress while it was measured, so nothing counts.\n";
        }
    }
    if (std::string_view(measure.id).rfind("w2.", 0) == 0 && cpus().count < 2) {
        out << "\nNot measured: this needs two CPUs.\n";
    } else if (!cannot.empty()) {
        out << "\nNot offered by: " << cannot << "\n";
    }
}

void print_measure(std::ostream& out, const Registry& registry, const Results& results, const Measure& measure,
                   const Options& options) {
    std::vector<Row> rows;
    for (const Registry::Named& peer : registry.peers()) {
        if (const auto value = results.quartiles(measure, peer.name)) {
            rows.push_back({peer.name, *value});
        }
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.value.median < b.value.median; });
    std::string best;
    bool limit = false;
    for (const Row& row : rows) {
        limit = limit || row.peer == "raw";
        if (best.empty() && row.peer != "raw" && !is_ours(row.peer)) {
            best = row.peer;
        }
    }
    out << "\n### " << measure.id << ": " << measure.text << "\n\n";
    if (!rows.empty()) {
        out << "| peer | " << measure.unit << " | p25–p75 | × limit | × best peer |\n|---|--:|--:|--:|--:|\n";
    }
    for (const Row& row : rows) {
        out << "| " << (is_ours(row.peer) ? "**" + row.peer + "**" : row.peer) << " | "
            << short_number(row.value.median) << " | " << short_number(row.value.low) << "–"
            << short_number(row.value.high) << " | " << ratio_text(results, measure, row.peer, limit ? "raw" : "")
            << " | " << ratio_text(results, measure, row.peer, best) << " |\n";
    }
    print_missing(out, registry, results, measure, options);
}

}  // namespace

void print_tables(std::ostream& out, const Registry& registry, const Results& results, const Options& options,
                  const Machine& machine) {
    out << "## Measured\n\n"
        << machine.date << ", " << machine.cpu << ", " << machine.cpus << " CPUs, " << machine.kernel << ", "
        << machine.compiler << ", " << machine.build << " build, load " << machine.load << "; " << options.used_rounds()
        << " rounds" << (options.quick ? ", --quick: the times mean nothing" : "") << ".\n";
    out << "\nPeers: ";
    const char* separator = "";
    for (const Registry::Named& peer : registry.peers()) {
        out << separator << peer.name << " (" << peer.text << ")";
        separator = ", ";
    }
    out << ".\n";
    for (const Registry::Named& peer : registry.absent()) {
        out << "\n" << peer.name << " is missing: built without " << peer.text << ".\n";
    }
    for (const Measure& measure : measures()) {
        if (options.wants_measure(measure.id)) {
            print_measure(out, registry, results, measure, options);
        }
    }
}

void print_list(std::ostream& out, const Registry& registry) {
    for (const Registry::Named& peer : registry.peers()) {
        out << "peer " << peer.name << ": " << peer.text << "\n";
    }
    for (const Registry::Named& peer : registry.absent()) {
        out << "peer " << peer.name << ": missing, built without " << peer.text << "\n";
    }
    for (const Measure& measure : measures()) {
        out << measure.id << ": " << measure.text << " (" << measure.unit << ")\n";
    }
}

}  // namespace bench
