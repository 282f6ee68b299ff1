// SPDX-License-Identifier: MIT
#include <mutex>
#include <utility>

#include "fdmon/choose.hpp"
#include "fdmon/win32_handles.hpp"
#include "fdmon/win32_sockets.hpp"
#include "os/descriptor_state.hpp"
#include "os/waitable_timer.hpp"

namespace nestling::fdmon {

namespace {

/// Sockets and handles of Windows, as many as there are, behind one event: that of the context, which is what an outer
/// loop waits for. The event is set by whoever notifies the context, by the driver of sockets when it has an answer,
/// and by the thread pool when a handle is signalled; it says nothing but that there is something to look at. It is
/// cleared by wait(), before that looks, and by the system whenever a question is put. The latter could lose what
/// another thread has set meanwhile: so whoever has put a question looks afterwards, and sets it again (contracts
/// F21.4, B-31).
class Win32Monitor final : public FdMonitor {
public:
    Win32Monitor() : timer_(os::create_waitable_timer()) {
        if (!timer_) {
            throw std::system_error(static_cast<int>(::GetLastError()), std::system_category(),
                                    "nestling: no waitable timer");
        }
    }

    [[nodiscard]] MonitorKind kind() const noexcept override { return MonitorKind::win32; }
    [[nodiscard]] bool set_is_live() const noexcept override { return false; }
    // The event is cleared here, and timers are taken by one wait.
    [[nodiscard]] bool has_edges() const noexcept override { return true; }
    [[nodiscard]] bool always_ready() const noexcept override {
        // RELAXED the home thread's, and a hint for others.
        return is_refused_.load(std::memory_order_relaxed);
    }

    void look_with(bool (*is_published)(const void*), const void* context) noexcept override {
        is_published_ = is_published;
        context_ = context;
    }

    std::error_code add(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        return add_locked(registration);
    }

    std::error_code modify(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        if (sockets_.modify(registration) || handles_.modify(registration)) {
            return {};
        }
        return add_locked(registration);
    }

    std::error_code remove(const Registration& registration) override {
        const std::lock_guard lock(mutex_);
        if (!sockets_.remove(registration.key.fd)) {
            static_cast<void>(handles_.remove(registration.key.fd));
        }
        // Whoever closed it too early is told so.
        return probe(registration);
    }

    std::error_code probe(const Registration& registration) override {
        return os::is_open(registration.fd()) ? std::error_code()
                                              : std::make_error_code(std::errc::bad_file_descriptor);
    }

    std::error_code rebuild(std::span<const Registration> all) override {
        const std::lock_guard lock(mutex_);
        sockets_.remove_all();
        handles_.remove_all();
        std::error_code first;
        for (const Registration& registration : all) {
            const std::error_code error = add_locked(registration);
            first = first ? first : error;
        }
        return first;
    }

    void wait(std::int64_t timeout, std::vector<Ready>& ready) override {
        begin_wait(timeout, ready);
        const DWORD found = ::WaitForMultipleObjectsEx(static_cast<DWORD>(waiting_.size()), waiting_.data(), FALSE,
                                                       may_sleep_ ? INFINITE : 0, TRUE);
        const std::lock_guard lock(mutex_);
        if (found >= WAIT_OBJECT_0 + first_handle_ && found < WAIT_OBJECT_0 + waiting_.size()) {
            handles_.taken(keys_[found - WAIT_OBJECT_0 - first_handle_], ready);
        }
        if (found == WAIT_OBJECT_0 || found == WAIT_FAILED) {
            ::ResetEvent(event_);
            ready.push_back({event_key_, event_in});
            sockets_.collect(ready);
        }
        if (!handles_.empty()) {
            handles_.look(ready);
        }
    }

    [[nodiscard]] std::span<PollHandle> polls() noexcept override { return {&handle_, 1}; }
    [[nodiscard]] std::uint64_t polls_version() const noexcept override { return 1; }
    void refresh_polls() override { static_cast<void>(polls_are_current()); }

    [[nodiscard]] bool polls_are_current() noexcept override {
        const std::lock_guard lock(mutex_);
        ask(kept_);
        arm_pool();
        if (!handles_.empty()) {
            handles_.told(kept_);
            handles_.look(kept_);
        }
        if (!kept_.empty()) {
            ::SetEvent(event_);
        }
        return true;
    }

private:
    std::error_code add_locked(const Registration& registration) {
        if (registration.key.generation == 0 && event_ == nullptr) {
            event_ = handle_of(registration.fd());
            event_key_ = registration.key;
            handle_ = {registration.fd(), static_cast<short>(event_in), 0};
            handles_.set_event(event_);
            return {};
        }
        if (os::is_socket(registration.fd())) {
            return sockets_.add(registration);
        }
        if (!os::is_open(registration.fd())) {
            return std::make_error_code(std::errc::bad_file_descriptor);
        }
        handles_.add(registration);
        return {};
    }

    /// Under the mutex.
    void ask(std::vector<Ready>& ready) {
        const bool has_cleared = sockets_.ask(event_, ready);
        // RELAXED as always_ready().
        is_refused_.store(sockets_.is_refused(), std::memory_order_relaxed);
        if (!has_cleared) {
            return;
        }
        if (is_published_(context_) || sockets_.has_answers() || handles_.has_told()) {
            ::SetEvent(event_);
        }
    }

    void arm_pool() noexcept {
        if (!handles_.arm_pool()) {
            // RELAXED as always_ready().
            is_refused_.store(true, std::memory_order_relaxed);
        }
    }

    /// Decides what is waited for: the event, the timer if that is needed, and handles.
    void begin_wait(std::int64_t timeout, std::vector<Ready>& ready) {
        const std::lock_guard lock(mutex_);
        ready.insert(ready.end(), kept_.begin(), kept_.end());
        handles_.told(kept_);
        kept_.clear();
        ask(ready);
        may_sleep_ = timeout != 0 && ready.empty() && !handles_.has_told() && !always_ready();
        waiting_.assign(1, event_);
        keys_.clear();
        if (may_sleep_ && timeout > 0) {
            os::set_waitable_timer_after(timer_.get(), timeout);
            waiting_.push_back(handle_of(timer_.get()));
        }
        first_handle_ = static_cast<DWORD>(waiting_.size());
        if (may_sleep_ && handles_.are_too_many()) {
            arm_pool();
            may_sleep_ = !always_ready();
        } else if (may_sleep_) {
            handles_.append_to_wait(waiting_, keys_);
        }
    }

    const os::Winsock winsock_;
    const os::OwnedFd timer_;
    bool (*is_published_)(const void*) = [](const void*) { return true; };
    const void* context_ = nullptr;

    std::mutex mutex_;
    HANDLE event_ = nullptr;
    Key event_key_{};
    Win32Sockets sockets_;
    Win32Handles handles_;
    std::atomic<bool> is_refused_{false};

    // Home thread.
    std::vector<HANDLE> waiting_;
    std::vector<Key> keys_;
    DWORD first_handle_ = 0;
    bool may_sleep_ = false;
    /// Found for an outer loop, which has been told to come.
    std::vector<Ready> kept_;
    PollHandle handle_{};
};

}  // namespace

std::unique_ptr<FdMonitor> make_win32_monitor() {
    return std::make_unique<Win32Monitor>();
}

}  // namespace nestling::fdmon
