// SPDX-License-Identifier: MIT
#include "polled_handle.hpp"

#include <glib-unix.h>

#include <utility>

namespace nestling::glib {

PolledHandle::PolledHandle(GSource* source, int fd, GIOCondition condition)
    : tag_(g_source_add_unix_fd(source, fd, condition)) {}

PolledHandle::PolledHandle(PolledHandle&& other) noexcept : tag_(std::exchange(other.tag_, nullptr)) {}

PolledHandle& PolledHandle::operator=(PolledHandle&& other) noexcept {
    std::swap(tag_, other.tag_);
    return *this;
}

// GLib frees what it has.
PolledHandle::~PolledHandle() = default;

void PolledHandle::remove(GSource* source) noexcept {
    if (tag_ != nullptr) {
        g_source_remove_unix_fd(source, std::exchange(tag_, nullptr));
    }
}

void PolledHandle::modify(GSource* source, GIOCondition condition) noexcept {
    if (tag_ != nullptr) {
        g_source_modify_unix_fd(source, tag_, condition);
    }
}

GIOCondition PolledHandle::found(GSource* source) const noexcept {
    return tag_ == nullptr ? GIOCondition{} : g_source_query_unix_fd(source, tag_);
}

}  // namespace nestling::glib
