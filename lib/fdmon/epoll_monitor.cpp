// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <mutex>

#include "fdmon/choose.hpp"
#include "fdmon/epoll_sleep.hpp"
#include "os/owned_fd.hpp"

namespace nestling::fdmon {

namespace {

static_assert(static_cast<unsigned>(EPOLLIN) == event_in && static_cast<unsigned>(EPOLLOUT) == event_out &&
              static_cast<unsigned>(EPOLLERR) == event_error && static_cast<unsigned>(EPOLLHUP) == event_hang_up);

std::uint64_t pack(Key key) noexcept {
    return (static_cast<std::uint64_t>(key.generation) << 32) | key.fd;
}
Key unpack(std::uint64_t data) noexcept {
    return {static_cast<std::uint32_t>(data), static_cast<std::uint32_t>(data >> 32)};
}

std::error_code last_error() noexcept {
    return {errno, std::generic_category()};
}

/// Of an error that last_error() made: without asking categories for what they mean.
bool is(const std::error_code& error, int number) noexcept {
    return error.value() == number;
}

/// O(ready) per wait. The kernel holds the set, so that changes count at once, also for an outer loop that waits for
/// the epoll descriptor.
class EpollMonitor final : public FdMonitor {
public:
    explicit EpollMonitor(os::OwnedFd fd) noexcept : fd_(std::move(fd)), handle_{fd_.get(), POLLIN, 0} {}

    [[nodiscard]] MonitorKind kind() const noexcept override { return MonitorKind::epoll; }
    [[nodiscard]] bool set_is_live() const noexcept override { return true; }
    [[nodiscard]] bool has_edges() const noexcept override { return true; }
    [[nodiscard]] bool always_ready() const noexcept override {
        // RELAXED whoever makes it true notifies the context afterwards.
        return refused_count_.load(std::memory_order_relaxed) != 0;
    }

    std::error_code add(const Registration& registration) override {
        if (registration.events == event_none) {
            return {};
        }
        const std::error_code error = control(fd_.get(), EPOLL_CTL_ADD, registration);
        if (is(error, EPERM)) {
            // Regular files and the like have no readiness; poll(2) calls them ready, and so do we.
            const std::lock_guard lock(refused_mutex_);
            refused_.push_back({registration.key, registration.events});
            count_refused();
            return {};
        }
        return error;
    }

    std::error_code modify(const Registration& registration) override {
        if (is_refused(registration.key)) {
            return modify_refused(registration);
        }
        if (registration.events == event_none) {
            // The kernel would go on reporting errors and hang-ups to a handler that wants nothing.
            return remove(registration);
        }
        const std::error_code error = control(fd_.get(), EPOLL_CTL_MOD, registration);
        // It was muted: then the kernel does not know it, or never would.
        return is(error, ENOENT) || is(error, EPERM) ? add(registration) : error;
    }

    std::error_code remove(const Registration& registration) override {
        if (drop_refused(registration.key)) {
            return {};
        }
        return control(fd_.get(), EPOLL_CTL_DEL, registration);
    }

    std::error_code probe(const Registration& registration) override {
        if (is_refused(registration.key)) {
            return is_still_refused(registration) ? std::error_code()
                                                  : std::make_error_code(std::errc::no_such_file_or_directory);
        }
        return control(fd_.get(), EPOLL_CTL_MOD, registration);
    }

    std::error_code rebuild(std::span<const Registration> all) override {
        os::OwnedFd fresh(::epoll_create1(EPOLL_CLOEXEC));
        if (!fresh) {
            return last_error();
        }
        std::error_code first;
        for (const Registration& registration : all) {
            if (registration.events == event_none) {
                continue;
            }
            const std::error_code error = control(fresh.get(), EPOLL_CTL_ADD, registration);
            if (error && !is(error, EPERM) && !first) {
                first = error;
            }
        }
        // An outer loop knows the old number for life, so the new set takes it over.
        if (::dup3(fresh.get(), fd_.get(), O_CLOEXEC) < 0) {
            return last_error();
        }
        return first;
    }

    void wait(std::int64_t timeout, std::vector<Ready>& ready) override {
        const bool no_sleep = always_ready();
        std::array<epoll_event, 128> events;
        const int size = static_cast<int>(events.size());
        const int count = timeout <= 0 || no_sleep
                              ? ::epoll_wait(fd_.get(), events.data(), size, no_sleep || timeout == 0 ? 0 : -1)
                              : epoll_sleep(fd_.get(), events.data(), size, timeout);
        for (int at = 0; at < count; ++at) {
            const epoll_event& event = events[static_cast<std::size_t>(at)];
            ready.push_back({unpack(event.data.u64), event.events});
        }
        if (no_sleep) {
            look_at_refused(ready);
        }
    }

    [[nodiscard]] std::span<PollHandle> polls() noexcept override { return {&handle_, 1}; }
    [[nodiscard]] std::uint64_t polls_version() const noexcept override { return 1; }
    void refresh_polls() override {}
    [[nodiscard]] bool polls_are_current() noexcept override { return true; }

private:
    static std::error_code control(int epoll_fd, int operation, const Registration& registration) noexcept {
        epoll_event event{};
        event.events = registration.events;
        if (registration.trigger == Trigger::edge) {
            event.events |= static_cast<std::uint32_t>(EPOLLET);
        }
        event.data.u64 = pack(registration.key);
        return ::epoll_ctl(epoll_fd, operation, registration.fd(), &event) == 0 ? std::error_code() : last_error();
    }

    void look_at_refused(std::vector<Ready>& ready) {
        const std::lock_guard lock(refused_mutex_);
        std::vector<pollfd> handles;
        handles.reserve(refused_.size());
        for (const Ready& entry : refused_) {
            handles.push_back({static_cast<int>(entry.key.fd), static_cast<short>(entry.events), 0});
        }
        // Ready, unless they were closed: poll(2) knows.
        if (::poll(handles.data(), handles.size(), 0) <= 0) {
            return;
        }
        for (std::size_t at = 0; at < handles.size(); ++at) {
            if (handles[at].revents != 0) {
                ready.push_back({refused_[at].key, static_cast<std::uint32_t>(handles[at].revents)});
            }
        }
    }

    /// In place: running out of memory must not lose what is there.
    std::error_code modify_refused(const Registration& registration) {
        if (registration.events == event_none || !is_still_refused(registration)) {
            drop_refused(registration.key);
            return registration.events == event_none ? std::error_code() : add(registration);
        }
        const std::lock_guard lock(refused_mutex_);
        for (Ready& entry : refused_) {
            if (entry.key.fd == registration.key.fd) {
                entry = {registration.key, registration.events};
            }
        }
        return {};
    }

    /// False when the number has come back as a descriptor of another kind, or as none.
    [[nodiscard]] bool is_still_refused(const Registration& registration) const noexcept {
        const std::error_code error = control(fd_.get(), EPOLL_CTL_ADD, registration);
        if (!error) {
            control(fd_.get(), EPOLL_CTL_DEL, registration);
        }
        return is(error, EPERM);
    }

    bool drop_refused(Key key) {
        if (!always_ready()) {
            return false;
        }
        const std::lock_guard lock(refused_mutex_);
        const auto removed = std::erase_if(refused_, [&](const Ready& entry) { return entry.key.fd == key.fd; });
        count_refused();
        return removed != 0;
    }

    bool is_refused(Key key) {
        if (!always_ready()) {
            return false;
        }
        const std::lock_guard lock(refused_mutex_);
        return std::any_of(refused_.begin(), refused_.end(),
                           [&](const Ready& entry) { return entry.key.fd == key.fd; });
    }

    void count_refused() noexcept {
        // RELAXED as always_ready().
        refused_count_.store(refused_.size(), std::memory_order_relaxed);
    }

    os::OwnedFd fd_;
    PollHandle handle_;

    std::mutex refused_mutex_;
    std::vector<Ready> refused_;
    std::atomic<std::size_t> refused_count_{0};
};

}  // namespace

std::unique_ptr<FdMonitor> make_epoll_monitor(std::error_code& error) {
    os::OwnedFd fd(::epoll_create1(EPOLL_CLOEXEC));
    if (!fd) {
        error = last_error();
        return nullptr;
    }
    return std::make_unique<EpollMonitor>(std::move(fd));
}

}  // namespace nestling::fdmon
