// SPDX-License-Identifier: MIT
#include "library.hpp"

#include <dlfcn.h>

#include <nestling-lab/plugin.h>

#include "options.hpp"

namespace nestling::lab::command {

namespace {

static_assert(NESTLING_LAB_ONE_SHOT == static_cast<unsigned>(Traits::one_shot));
static_assert(NESTLING_LAB_REPEATS == static_cast<unsigned>(Traits::repeats));
static_assert(NESTLING_LAB_POSTS == static_cast<unsigned>(Traits::posts));
static_assert(NESTLING_LAB_HELD == static_cast<unsigned>(Traits::held));
constexpr unsigned known_traits = NESTLING_LAB_ONE_SHOT | NESTLING_LAB_REPEATS | NESTLING_LAB_POSTS | NESTLING_LAB_HELD;

Subject subject_of(const NestlingLabPlugin& plugin) {
    Subject subject;
    subject.name = plugin.name;
    subject.traits = static_cast<Traits>(plugin.traits);
    subject.make = [&plugin] { return plugin.make(plugin.data); };
    if (plugin.stimulate != nullptr) {
        subject.stimulate = [&plugin](GSource* source) { plugin.stimulate(source, plugin.data); };
    }
    if (plugin.arm != nullptr) {
        subject.arm = [&plugin](GSource* source, std::chrono::nanoseconds time) {
            plugin.arm(source, time.count(), plugin.data);
        };
    }
    if (plugin.fd != nullptr) {
        subject.fd = [&plugin](GSource* source) { return plugin.fd(source, plugin.data); };
    }
    if (plugin.destroy != nullptr) {
        subject.destroy = [&plugin](GSource* source) { plugin.destroy(source, plugin.data); };
    }
    return subject;
}

void expect_usable(const NestlingLabPlugin& plugin, const std::string& path) {
    if (plugin.make == nullptr) {
        throw Complaint(path + ": \"" + plugin.name + "\" has no make function");
    }
    if ((plugin.traits & ~known_traits) != 0) {
        throw Complaint(path + ": \"" + plugin.name + "\" has traits that this version does not know");
    }
}

}  // namespace

std::vector<Subject> load_library(const std::string& path) {
    // Without a slash dlopen() would search the system's folders.
    const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL);
    if (library == nullptr) {
        throw Complaint("the library cannot be loaded: " + std::string(dlerror()));
    }
    using Factory = const NestlingLabPlugin*();
    auto* const factory = reinterpret_cast<Factory*>(dlsym(library, "nestling_lab_plugin"));
    if (factory == nullptr) {
        throw Complaint(path + ": it exports no function nestling_lab_plugin()");
    }
    const NestlingLabPlugin* plugin = factory();
    if (plugin == nullptr) {
        throw Complaint(path + ": nestling_lab_plugin() returned null");
    }
    std::vector<Subject> subjects;
    // The version comes first in every version, and the rest is not to be read in another one.
    for (; plugin->abi == NESTLING_LAB_PLUGIN_ABI && plugin->name != nullptr; ++plugin) {
        expect_usable(*plugin, path);
        subjects.push_back(subject_of(*plugin));
    }
    if (plugin->abi != NESTLING_LAB_PLUGIN_ABI && plugin->abi != 0) {
        throw Complaint(path + ": it was built for version " + std::to_string(plugin->abi) +
                        " of <nestling-lab/plugin.h>; this is version " + std::to_string(NESTLING_LAB_PLUGIN_ABI));
    }
    if (subjects.empty()) {
        throw Complaint(path + ": nestling_lab_plugin() names no sources");
    }
    return subjects;
}

}  // namespace nestling::lab::command
