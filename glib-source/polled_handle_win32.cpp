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
    put_in(source, record(tag_.get()));
}

void PolledHandle::Forget::operator()(gpointer tag) const noexcept {
    delete static_cast<Record*>(tag);
}

void PolledHandle::remove(GSource* source) noexcept {
    if (tag_ != nullptr) {
        take_out(source, record(tag_.get()));
        tag_.reset();
    }
}

void PolledHandle::modify(GSource* source, GIOCondition condition) noexcept {
    if (tag_ == nullptr) {
        return;
    }
    record(tag_.get()).poll.events = static_cast<gushort>(condition);
    if (condition == GIOCondition{}) {
        take_out(source, record(tag_.get()));
    } else {
        put_in(source, record(tag_.get()));
    }
}

GIOCondition PolledHandle::found(GSource*) const noexcept {
    return tag_ == nullptr ? GIOCondition{} : static_cast<GIOCondition>(record(tag_.get()).poll.revents);
}

}  // namespace nestling::glib
