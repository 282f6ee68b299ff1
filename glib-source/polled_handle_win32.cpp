// SPDX-License-Identifier: MIT
// GLib has no tags for handles of Windows: the source's record is ours, and a handle that is to wake nobody must leave
// the poll, because GLib waits for it whatever the condition.
#include "polled_handle.hpp"

#include <utility>

#include <nestling/win32.hpp>

namespace nestling::glib {

namespace {

struct Record {
    GPollFD poll;
    bool is_in;
};

Record& record(gpointer tag) noexcept {
    return *static_cast<Record*>(tag);
}

void put_in(GSource* source, Record& record) noexcept {
    if (!std::exchange(record.is_in, true)) {
        g_source_add_poll(source, &record.poll);
    }
}

void take_out(GSource* source, Record& record) noexcept {
    if (std::exchange(record.is_in, false)) {
        g_source_remove_poll(source, &record.poll);
        record.poll.revents = 0;
    }
}

}  // namespace

PolledHandle::PolledHandle(GSource* source, int fd, GIOCondition condition)
    : tag_(new Record{{reinterpret_cast<gintptr>(handle_of(fd)), static_cast<gushort>(condition), 0}, false}) {
    put_in(source, record(tag_));
}

PolledHandle::PolledHandle(PolledHandle&& other) noexcept : tag_(std::exchange(other.tag_, nullptr)) {}

PolledHandle& PolledHandle::operator=(PolledHandle&& other) noexcept {
    std::swap(tag_, other.tag_);
    return *this;
}

PolledHandle::~PolledHandle() {
    delete static_cast<Record*>(tag_);
}

void PolledHandle::remove(GSource* source) noexcept {
    if (tag_ != nullptr) {
        take_out(source, record(tag_));
        delete static_cast<Record*>(std::exchange(tag_, nullptr));
    }
}

void PolledHandle::modify(GSource* source, GIOCondition condition) noexcept {
    if (tag_ == nullptr) {
        return;
    }
    record(tag_).poll.events = static_cast<gushort>(condition);
    if (condition == GIOCondition{}) {
        take_out(source, record(tag_));
    } else {
        put_in(source, record(tag_));
    }
}

GIOCondition PolledHandle::found(GSource*) const noexcept {
    return tag_ == nullptr ? GIOCondition{} : static_cast<GIOCondition>(record(tag_).poll.revents);
}

}  // namespace nestling::glib
