// SPDX-License-Identifier: MIT
// Sources that no test survives.
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include <nestling-lab/plugin.h>

namespace {

using Deed = void (*)(GSource* source);

void crash(GSource*) {
    abort();
}

void hang(GSource*) {
    for (;;) {
        pause();
    }
}

/// Its child process holds the pipes open, and would live on.
void leave_a_child(GSource*) {
    if (fork() == 0) {
        hang(nullptr);
    }
    abort();
}

void end_the_process(GSource*) {
    constexpr int code = 7;
    exit(code);
}

void close_all(GSource*) {
    constexpr int more = 100;
    for (int fd = 3; fd != more; ++fd) {
        close(fd);
    }
}

void complain(GSource*) {
    g_error("the %s is on <fire> & \"burns\"\x01", "queue");
}

void throw_up(GSource*) {
    throw std::runtime_error("out of the stimulus");
}

void destroy_the_context(GSource* source) {
    constexpr int most = 100;
    GMainContext* context = g_source_get_context(source);
    for (int reference = 0; reference != most; ++reference) {
        g_main_context_unref(context);
    }
}

gboolean on_idle(gpointer) {
    nestling_lab_delivered();
    return G_SOURCE_REMOVE;
}

GSource* make(gpointer) {
    GSource* source = g_idle_source_new();
    g_source_set_callback(source, on_idle, nullptr, nullptr);
    return source;
}

GSource* make_none(gpointer) {
    return nullptr;
}

GSource* make_hang(gpointer) {
    hang(nullptr);
    return nullptr;
}

void stimulate(GSource* source, gpointer data) {
    (*static_cast<const Deed*>(data))(source);
}

struct Bad {
    const char* name;
    GSource* (*make)(gpointer);
    Deed deed;
};
const std::array bads{Bad{"null", make_none, nullptr},
                      Bad{"hang in the factory", make_hang, nullptr},
                      Bad{"hang", make, hang},
                      Bad{"crash", make, crash},
                      Bad{"child", make, leave_a_child},
                      Bad{"exit", make, end_the_process},
                      Bad{"close", make, close_all},
                      Bad{"error", make, complain},
                      Bad{"throw", make, throw_up},
                      Bad{"context", make, destroy_the_context},
                      Bad{"<good> & \"well\"", make, nullptr}};

}  // namespace

const NestlingLabPlugin* nestling_lab_plugin() {
    static std::array<NestlingLabPlugin, bads.size() + 1> plugins{};
    for (std::size_t at = 0; at != bads.size(); ++at) {
        plugins[at] = {NESTLING_LAB_PLUGIN_ABI,
                       NESTLING_LAB_ONE_SHOT | NESTLING_LAB_REPEATS,
                       bads[at].name,
                       bads[at].make,
                       bads[at].deed != nullptr ? stimulate : nullptr,
                       nullptr,
                       nullptr,
                       nullptr,
                       const_cast<Deed*>(&bads[at].deed)};
    }
    return plugins.data();
}
