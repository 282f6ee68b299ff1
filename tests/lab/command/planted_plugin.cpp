// SPDX-License-Identifier: MIT
// The planted sources as the command gets them.
#include <array>
#include <chrono>
#include <cstddef>
#include <string>

#include <nestling-lab/plugin.h>

#include "planted/planted.hpp"

namespace {

using nestling::lab::Subject;
using nestling::testing::planted_queue;
using nestling::testing::planted_reader;
using nestling::testing::planted_subject;

constexpr std::size_t bugs = 23;

const Subject& subject(gpointer data) {
    return *static_cast<const Subject*>(data);
}

GSource* make(gpointer data) {
    return subject(data).make();
}

void stimulate(GSource* source, gpointer data) {
    subject(data).stimulate(source);
}

void arm(GSource* source, gint64 time, gpointer data) {
    subject(data).arm(source, std::chrono::nanoseconds(time));
}

int fd(GSource* source, gpointer data) {
    return subject(data).fd(source);
}

NestlingLabPlugin plugin_of(Subject& planted) {
    NestlingLabPlugin plugin{};
    plugin.abi = NESTLING_LAB_PLUGIN_ABI;
    plugin.traits = static_cast<guint>(planted.traits);
    plugin.name = planted.name.c_str();
    plugin.make = make;
    plugin.stimulate = stimulate;
    plugin.arm = planted.arm ? arm : nullptr;
    plugin.fd = planted.fd ? fd : nullptr;
    plugin.data = &planted;
    return plugin;
}

}  // namespace

/// "queue" and "reader" without a bug, then "bug 1" to "bug 23".
const NestlingLabPlugin* nestling_lab_plugin() {
    static std::array<Subject, bugs + 2> subjects;
    static std::array<NestlingLabPlugin, bugs + 3> plugins{};
    subjects[0] = planted_queue(0);
    subjects[1] = planted_reader(0);
    for (std::size_t bug = 1; bug <= bugs; ++bug) {
        subjects[bug + 1] = planted_subject(static_cast<unsigned>(bug));
        subjects[bug + 1].name = "bug " + std::to_string(bug);
    }
    for (std::size_t at = 0; at != subjects.size(); ++at) {
        plugins[at] = plugin_of(subjects[at]);
    }
    return plugins.data();
}
