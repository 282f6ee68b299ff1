// SPDX-License-Identifier: MIT
#include "bench/json.hpp"

#include <ostream>

#include "bench/goals_report.hpp"

namespace bench {

namespace {

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            result += '\\';
        }
        result += static_cast<unsigned char>(letter) < 0x20 ? ' ' : letter;
    }
    return result + "\"";
}

void write_value(std::ostream& out, const Outcome& value) {
    if (value) {
        out << *value;
    } else {
        out << "null";
    }
}

void write_peer(std::ostream& out, const Measure& measure, const std::string& peer, const Results& results) {
    out << quoted(peer) << ": {";
    if (const auto value = results.quartiles(measure, peer)) {
        out << "\"p25\": " << value->low << ", \"median\": " << value->median << ", \"p75\": " << value->high << ", ";
    }
    out << "\"rounds\": [";
    const char* separator = "";
    for (const Outcome& value : *results.rounds(measure.id, peer)) {
        out << separator;
        write_value(out, value);
        separator = ", ";
    }
    out << "]}";
}

void write_measures(std::ostream& out, const Registry& registry, const Results& results) {
    const char* next_measure = "\n";
    for (const Measure& measure : measures()) {
        out << next_measure << "    {\"id\": " << quoted(measure.id) << ", \"text\": " << quoted(measure.text)
            << ", \"unit\": " << quoted(measure.unit) << ", \"peers\": {";
        next_measure = ",\n";
        const char* next_peer = "\n      ";
        for (const Registry::Named& peer : registry.peers()) {
            if (results.rounds(measure.id, peer.name) != nullptr) {
                out << next_peer;
                write_peer(out, measure, peer.name, results);
                next_peer = ",\n      ";
            }
        }
        out << "}}";
    }
}

void write_goals(std::ostream& out, const Results& results) {
    const char* next = "\n";
    for (const Goal& goal : goals()) {
        const Judgement judgement = judge(goal, results);
        out << next << "    {\"text\": " << quoted(goal.text) << ", \"against\": " << quoted(goal.against_text)
            << ", \"floor\": " << goal.floor << ", \"goal\": " << goal.goal << ", \"measured\": ";
        write_value(out, judgement.value);
        out << ", \"verdict\": " << quoted(judgement.verdict) << "}";
        next = ",\n";
    }
}

}  // namespace

void write_json(std::ostream& out, const Registry& registry, const Results& results, const Options& options,
                const Machine& machine) {
    out.precision(8);
    out << "{\n  \"machine\": {\"cpu\": " << quoted(machine.cpu) << ", \"cpus\": " << quoted(machine.cpus)
        << ", \"kernel\": " << quoted(machine.kernel) << ", \"compiler\": " << quoted(machine.compiler)
        << ", \"build\": " << quoted(machine.build) << ", \"load\": " << quoted(machine.load) << "},\n"
        << "  \"date\": " << quoted(machine.date) << ",\n  \"quick\": " << (options.quick ? "true" : "false")
        << ",\n  \"rounds\": " << options.used_rounds() << ",\n  \"peers\": {";
    const char* separator = "";
    for (const Registry::Named& peer : registry.peers()) {
        out << separator << quoted(peer.name) << ": " << quoted(peer.text);
        separator = ", ";
    }
    out << "},\n  \"measures\": [";
    write_measures(out, registry, results);
    out << "\n  ],\n  \"goals\": [";
    write_goals(out, results);
    out << "\n  ]\n}\n";
}

void write_csv(std::ostream& out, const Registry& registry, const Results& results) {
    out.precision(8);
    out << "measure,peer,round,value\n";
    for (const Measure& measure : measures()) {
        for (const Registry::Named& peer : registry.peers()) {
            const Results::Rounds* rounds = results.rounds(measure.id, peer.name);
            for (std::size_t index = 0; rounds != nullptr && index < rounds->size(); ++index) {
                out << measure.id << "," << peer.name << "," << index + 1 << ",";
                if ((*rounds)[index]) {
                    out << *(*rounds)[index];
                }
                out << "\n";
            }
        }
    }
}

}  // namespace bench
