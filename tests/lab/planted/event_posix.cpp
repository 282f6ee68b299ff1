// SPDX-License-Identifier: MIT
#include "planted/event.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace nestling::testing {

int make_event() noexcept {
    return ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

void set_event(int event) noexcept {
    constexpr std::uint64_t one = 1;
    static_cast<void>(!::write(event, &one, sizeof one));
}

void clear_event(int event) noexcept {
    std::uint64_t count = 0;
    static_cast<void>(!::read(event, &count, sizeof count));
}

int duplicate_event(int event) noexcept {
    return ::dup(event);
}

void close_event(int event) noexcept {
    ::close(event);
}

gpointer watch_fd(GSource* source, int fd) {
    return g_source_add_unix_fd(source, fd, G_IO_IN);
}

GIOCondition seen_of(GSource* source, gpointer tag) {
    return g_source_query_unix_fd(source, tag);
}

void unwatch_fd(GSource* source, gpointer tag) {
    g_source_remove_unix_fd(source, tag);
}

// GLib's own.
void free_tag(gpointer) {}

int own_process() noexcept {
    return ::getpid();
}

}  // namespace nestling::testing
