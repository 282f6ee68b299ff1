// SPDX-License-Identifier: MIT
// What the plugins of shipped sources share.
#pragma once

#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <vector>

#include <nestling-lab/plugin.h>

namespace shipped {

/// A pipe for one-byte events.
class Pipe {
public:
    Pipe() {
        if (pipe2(ends_.data(), O_NONBLOCK | O_CLOEXEC) != 0) {
            g_error("no pipe");
        }
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close(ends_[0]);
        close(ends_[1]);
    }
    [[nodiscard]] int out() const noexcept { return ends_[0]; }
    void send() const {
        if (write(ends_[1], "x", 1) != 1) {
            g_error("the pipe is full");
        }
    }
    enum class Taken : std::uint8_t { event, nothing, end };
    /// The next event, if there is one.
    [[nodiscard]] Taken take() const {
        char byte = 0;
        const ssize_t count = read(ends_[0], &byte, 1);
        if (count == 1) {
            return Taken::event;
        }
        return count < 0 && errno == EAGAIN ? Taken::nothing : Taken::end;
    }
    /// As a callback should: tells of an event. False if there is no event and no more will come.
    [[nodiscard]] bool deliver(bool is_broken) const {
        const Taken taken = take();
        if (taken == Taken::event) {
            nestling_lab_delivered();
        }
        return taken == Taken::event || (taken == Taken::nothing && !is_broken);
    }

private:
    std::array<int, 2> ends_{-1, -1};
};

/// What hangs on the source under test. There is one at a time; it goes with its source.
template <typename World>
World*& current() {
    static World* world = nullptr;
    return world;
}

template <typename World>
void drop_world(gpointer world) {
    delete static_cast<World*>(world);
}

inline guint next_id(GMainContext* context) {
    static GSourceFuncs functions{};
    GSource* probe = g_source_new(&functions, sizeof(GSource));
    const guint id = g_source_attach(probe, context);
    g_source_destroy(probe);
    g_source_unref(probe);
    return id;
}

/// A reference to the source that `attach` attaches to the thread-default context; null if it does not.
template <typename Attach>
GSource* fish(const Attach& attach) {
    GMainContext* context = g_main_context_get_thread_default();
    const guint before = next_id(context);
    attach(context);
    const guint after = next_id(context);
    for (guint id = before + 1; id < after; ++id) {
        if (GSource* source = g_main_context_find_source_by_id(context, id); source != nullptr) {
            return g_source_ref(source);
        }
    }
    return nullptr;
}

inline gint64 microseconds_up(gint64 nanoseconds) {
    constexpr gint64 thousand = 1000;
    return (nanoseconds + thousand - 1) / thousand;
}

inline NestlingLabPlugin plugin(const char* name, guint traits, GSource* (*make)(gpointer),
                                void (*stimulate)(GSource*, gpointer) = nullptr,
                                void (*arm)(GSource*, gint64, gpointer) = nullptr,
                                int (*fd)(GSource*, gpointer) = nullptr,
                                void (*destroy)(GSource*, gpointer) = nullptr) {
    return {NESTLING_LAB_PLUGIN_ABI, traits, name, make, stimulate, arm, fd, destroy, nullptr};
}

}  // namespace shipped
