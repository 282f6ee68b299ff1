// SPDX-License-Identifier: MIT
#include "planted/event.hpp"

#include <cstdint>

#include "support/windows.hpp"

namespace nestling::testing {

namespace {

HANDLE handle_of(int fd) noexcept {
    return reinterpret_cast<HANDLE>(static_cast<std::uintptr_t>(static_cast<unsigned>(fd)));
}

int fd_of(HANDLE handle) noexcept {
    return static_cast<int>(reinterpret_cast<std::uintptr_t>(handle));
}

}  // namespace

int make_event() noexcept {
    return fd_of(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
}

void set_event(int event) noexcept {
    ::SetEvent(handle_of(event));
}

void clear_event(int event) noexcept {
    ::ResetEvent(handle_of(event));
}

int duplicate_event(int event) noexcept {
    HANDLE duplicate = nullptr;
    const HANDLE self = ::GetCurrentProcess();
    ::DuplicateHandle(self, handle_of(event), self, &duplicate, 0, FALSE, DUPLICATE_SAME_ACCESS);
    return fd_of(duplicate);
}

void close_event(int event) noexcept {
    ::CloseHandle(handle_of(event));
}

gpointer watch_fd(GSource* source, int fd) {
    GPollFD* const polled = g_new0(GPollFD, 1);
    polled->fd = static_cast<unsigned>(fd);
    polled->events = G_IO_IN;
    g_source_add_poll(source, polled);
    return polled;
}

GIOCondition seen_of(GSource*, gpointer tag) {
    return static_cast<GIOCondition>(static_cast<GPollFD*>(tag)->revents);
}

void unwatch_fd(GSource* source, gpointer tag) {
    g_source_remove_poll(source, static_cast<GPollFD*>(tag));
    free_tag(tag);
}

void free_tag(gpointer tag) {
    g_free(tag);
}

int own_process() noexcept {
    return static_cast<int>(::GetCurrentProcessId());
}

}  // namespace nestling::testing
