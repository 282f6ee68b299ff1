// SPDX-License-Identifier: MIT
#include <poll.h>

#include <algorithm>
#include <mutex>

#include "fdmon/choose.hpp"
#include "fdmon/timeout.hpp"

namespace nestling::fdmon {

namespace {

static_assert(POLLIN == event_in && POLLOUT == event_out && POLLERR == event_error && POLLHUP == event_hang_up &&
              POLLNVAL == event_closed);

/// O(descriptors) per wait, on any Unix. A wait in progress does not see changes; whoever makes them notifies.
class PollMonitor final : public FdMonitor {
public:
    [[nodiscard]] MonitorKind kind() const noexcept override { return MonitorKind::poll; }
    [[nodiscard]] bool set_is_live() const noexcept override { return false; }
    [[nodiscard]] bool has_edges() const noexcept override { return false; }

    std::error_code add(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        set_.push_back(registration);
        ++version_;
        return {};
    }

    std::error_code modify(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        if (auto at = find(registration.key.fd); at != set_.end()) {
            *at = registration;
        } else {
            set_.push_back(registration);
        }
        ++version_;
        return {};
    }

    std::error_code remove(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        if (auto at = find(registration.key.fd); at != set_.end()) {
            *at = set_.back();
            set_.pop_back();
            ++version_;
        }
        return {};
    }

    std::error_code probe(const Registration& registration) override {
        pollfd handle{registration.fd(), 0, 0};
        const bool closed = ::poll(&handle, 1, 0) == 1 && (handle.revents & POLLNVAL) != 0;
        return closed ? std::make_error_code(std::errc::bad_file_descriptor) : std::error_code();
    }

    std::error_code rebuild(std::span<const Registration> all) override {
        const std::lock_guard lock(mutex_);
        set_.assign(all.begin(), all.end());
        ++version_;
        return {};
    }

    void wait(std::int64_t timeout, std::vector<Ready>& ready) override {
        copy_set(waiting_, keys_, waiting_version_);
        const timespec spec = to_timespec(std::max<std::int64_t>(timeout, 0));
        const int count = ::ppoll(waiting_.data(), waiting_.size(), timeout < 0 ? nullptr : &spec, nullptr);
        if (count <= 0) {
            return;
        }
        for (std::size_t at = 0; at < waiting_.size(); ++at) {
            if (waiting_[at].revents != 0) {
                ready.push_back({keys_[at], static_cast<std::uint32_t>(waiting_[at].revents)});
            }
        }
    }

    [[nodiscard]] std::span<PollHandle> polls() noexcept override { return outer_; }
    [[nodiscard]] std::uint64_t polls_version() const noexcept override { return outer_version_; }

    void refresh_polls() override {
        std::vector<Key> unused;
        copy_set(outer_, unused, outer_version_);
    }

    [[nodiscard]] bool polls_are_current() noexcept override {
        const std::lock_guard lock(mutex_);
        return outer_version_ == version_;
    }

private:
    std::vector<Registration>::iterator find(std::uint32_t fd) {
        return std::find_if(set_.begin(), set_.end(), [&](const Registration& entry) { return entry.key.fd == fd; });
    }

    template <class Handle>
    void copy_set(std::vector<Handle>& handles, std::vector<Key>& keys, std::uint64_t& version) {
        const std::lock_guard lock(mutex_);
        if (version == version_) {
            return;
        }
        handles.clear();
        keys.clear();
        for (const Registration& entry : set_) {
            // A handler that wants nothing would still be told of errors and hang-ups.
            if (entry.events != event_none) {
                handles.push_back({entry.fd(), static_cast<short>(entry.events), 0});
                keys.push_back(entry.key);
            }
        }
        // Last: running out of memory must not make half a copy look like the whole.
        version = version_;
    }

    std::mutex mutex_;
    std::vector<Registration> set_;
    std::uint64_t version_ = 1;

    // Home thread.
    std::vector<pollfd> waiting_;
    std::vector<Key> keys_;
    std::uint64_t waiting_version_ = 0;
    std::vector<PollHandle> outer_;
    std::uint64_t outer_version_ = 0;
};

}  // namespace

std::unique_ptr<FdMonitor> make_poll_monitor() {
    return std::make_unique<PollMonitor>();
}

}  // namespace nestling::fdmon
