// SPDX-License-Identifier: MIT
#include "polled_handle.hpp"

#include <glib-unix.h>

namespace nestling::glib {

PolledHandle::PolledHandle(GSource* source, int fd, GIOCondition condition)
    : tag_(g_source_add_unix_fd(source, fd, condition)) {}

void PolledHandle::Forget::operator()(gpointer) const noexcept {
    // GLib frees what it has.
}

void PolledHandle::remove(GSource* source) noexcept {
    if (tag_ != nullptr) {
        g_source_remove_unix_fd(source, tag_.release());
    }
}

void PolledHandle::modify(GSource* source, GIOCondition condition) noexcept {
    if (tag_ != nullptr) {
        g_source_modify_unix_fd(source, tag_.get(), condition);
    }
}

GIOCondition PolledHandle::found(GSource* source) const noexcept {
    return tag_ == nullptr ? GIOCondition{} : g_source_query_unix_fd(source, tag_.get());
}

}  // namespace nestling::glib
