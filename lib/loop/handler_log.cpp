// SPDX-License-Identifier: MIT
#include "loop/handler_log.hpp"

#include <algorithm>
#include <cstring>

#include "os/descriptor_state.hpp"

namespace nestling::loop {

// One more, for those that find no room.
HandlerLog::HandlerLog() : entries_(sets * ways + 1) {
    std::strncpy(entries_.back().name.data(), "(others)", name_size - 1);
    entries_.back().incarnation = 1;
}

void HandlerLog::begin_iteration(Waited waited) noexcept {
    ++iteration_;
    waited_ = waited;
}

bool HandlerLog::is_of(const Entry& entry, const void* node, const char* name) const noexcept {
    return entry.node == node && entry.incarnation != 0 && std::strncmp(entry.name.data(), name, name_size - 1) == 0;
}

HandlerLog::Entry& HandlerLog::find(const void* node, const char* name) noexcept {
    const auto number = reinterpret_cast<std::uintptr_t>(node == nullptr ? static_cast<const void*>(name) : node);
    constexpr std::uint64_t golden = 0x9e3779b97f4a7c15;
    const std::size_t set = static_cast<std::size_t>((number * golden) >> 57U);
    static_assert(sets == 128);
    Entry* const first = &entries_[set * ways];
    Entry* oldest = nullptr;
    for (Entry* entry = first; entry != first + ways; ++entry) {
        if (is_of(*entry, node, name)) {
            return *entry;
        }
        if (entry->active == 0 && (oldest == nullptr || entry->last_iteration < oldest->last_iteration)) {
            oldest = entry;
        }
    }
    if (oldest == nullptr) {
        return entries_.back();
    }
    const std::lock_guard lock(names_);
    ++oldest->incarnation;
    oldest->name.fill('\0');
    std::strncpy(oldest->name.data(), name, name_size - 1);
    oldest->calls.set(0);
    oldest->time.set(0);
    oldest->longest.set(0);
    oldest->long_calls.set(0);
    oldest->last_long.set(0);
    oldest->in_a_row.set(0);
    oldest->node = node;
    oldest->last_iteration = 0;
    oldest->is_descriptor.set(false);
    return *oldest;
}

void HandlerLog::count_in_a_row(Entry& entry) const noexcept {
    if (entry.last_iteration == iteration_) {
        return;
    }
    // A loop that has nothing to do but what its own callbacks ask for does not wait. One with a descriptor that stays
    // ready waits, for nothing.
    const bool goes_on = entry.last_iteration + 1 == iteration_ && (entry.is_descriptor.get() || waited_ == Waited::no);
    entry.in_a_row.set(goes_on ? entry.in_a_row.get() + 1 : 1);
    entry.last_iteration = iteration_;
}

void HandlerLog::show(Entry* entry, std::int64_t since) noexcept {
    running_entry_.store(entry);
    running_since_.store(since);
}

void HandlerLog::begin(Call& call, const void* node, const char* name, std::int64_t now) noexcept {
    Entry& entry = find(node, name);
    call = {&entry, now, 0, top_};
    top_ = &call;
    ++entry.active;
    entry.calls.add(1);
    count_in_a_row(entry);
    running_since_.store(0);
    show(&entry, now);
}

void HandlerLog::end(Call& call, std::int64_t now) noexcept {
    Entry& entry = *call.entry;
    running_since_.store(0);
    const std::int64_t whole = now - call.begin;
    entry.time.add(whole - call.time_of_inner);
    entry.longest.set(std::max(entry.longest.get(), whole));
    if (whole >= long_call_.load()) {
        entry.last_long.set(whole);
        entry.long_calls.add(1);
    }
    --entry.active;
    ended_last_ = &entry;
    top_ = call.outer;
    if (top_ != nullptr) {
        top_->time_of_inner += whole;
        show(top_->entry, top_->begin);
    }
}

void HandlerLog::look_again(int fd, std::uint32_t events) noexcept {
    if (ended_last_ == nullptr) {
        return;
    }
    Entry& entry = *ended_last_;
    entry.is_descriptor.set(true);
    if (entry.in_a_row.get() >= suspicious && !os::has_events(fd, events)) {
        entry.in_a_row.set(0);
    }
}

std::vector<HandlerLog::Row> HandlerLog::rows() const {
    std::vector<Row> rows;
    const std::lock_guard lock(names_);
    for (std::size_t place = 0; place != entries_.size(); ++place) {
        const Entry& entry = entries_[place];
        if (entry.incarnation != 0 && entry.calls.get() != 0) {
            rows.push_back({place, entry.incarnation, entry.name.data(), entry.calls.get(), entry.time.get(),
                            entry.longest.get(), entry.long_calls.get(), entry.last_long.get(), entry.in_a_row.get(),
                            entry.is_descriptor.get()});
        }
    }
    return rows;
}

HandlerLog::Running HandlerLog::running() const {
    const std::int64_t since = running_since_.load();
    if (since == 0) {
        return {};
    }
    const std::lock_guard lock(names_);
    const Entry* const entry = running_entry_.load();
    Running result{true, since, static_cast<std::size_t>(entry - entries_.data()), entry->name.data()};
    // It has ended meanwhile: another one may be there.
    return running_since_.load() == since ? result : Running();
}

}  // namespace nestling::loop
