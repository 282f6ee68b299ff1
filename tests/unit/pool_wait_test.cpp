// SPDX-License-Identifier: MIT
#include "os/pool_wait.hpp"

#include <atomic>
#include <memory>

#include "support/testing.hpp"
#include "support/true_call_win32.hpp"
#include "support/windows.hpp"

namespace nestling::testing {

namespace {

/// What the system was given for the newest wait.
struct Given {
    PTP_WAIT_CALLBACK callback = nullptr;
    void* context = nullptr;
    PTP_WAIT wait = nullptr;
};
constinit Given given;

constinit TrueCall<PTP_WAIT WINAPI(PTP_WAIT_CALLBACK, void*, PTP_CALLBACK_ENVIRON)> true_create("CreateThreadpoolWait");

PTP_WAIT WINAPI create_wait(PTP_WAIT_CALLBACK callback, void* context, PTP_CALLBACK_ENVIRON environment) noexcept {
    const PTP_WAIT wait = true_create(callback, context, environment);
    given = {callback, context, wait};
    return wait;
}

class Event {
public:
    Event() : event_(::CreateEventW(nullptr, FALSE, FALSE, nullptr)) {}
    ~Event() { ::CloseHandle(event_); }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;

    [[nodiscard]] HANDLE get() const noexcept { return event_; }
    void set() const noexcept { ::SetEvent(event_); }
    /// Takes the signal.
    [[nodiscard]] bool is_set(DWORD patience = 0) const noexcept {
        return ::WaitForSingleObject(event_, patience) == WAIT_OBJECT_0;
    }

private:
    HANDLE event_;
};

constexpr DWORD patience_ms = 5000;

struct Told {
    Event handle;
    std::atomic<bool> any{false};
    Event event;
    std::unique_ptr<os::PoolWait> wait = os::PoolWait::create(handle.get(), any, event.get());
};

}  // namespace

TEST_CASE("a wait of the thread pool tells once for each time that it is armed") {
    Told told;
    REQUIRE(told.wait != nullptr);
    CHECK_FALSE(told.wait->take());
    for (int times = 0; times != 3; ++times) {
        told.wait->arm();
        told.wait->arm();
        told.handle.set();
        CHECK(told.event.is_set(patience_ms));
        CHECK(told.any.exchange(false));
        CHECK(told.wait->take());
        CHECK_FALSE(told.wait->take());
    }
    told.handle.set();
    CHECK(told.handle.is_set());
    CHECK_FALSE(told.any.load());
}

TEST_CASE("a wait of the thread pool that is gone before its handle is signalled does not tell") {
    Told told;
    REQUIRE(told.wait != nullptr);
    told.wait->arm();
    told.wait.reset();
    told.handle.set();
    CHECK(told.handle.is_set());
    CHECK_FALSE(told.any.load());
    CHECK_FALSE(told.event.is_set());
}

// Wine's thread that waits can have found a handle signalled while another thread sees to it that nobody is called any
// more: then it has somebody called all the same, after CloseThreadpoolWait().
TEST_CASE("a call that comes when its wait of the thread pool is gone touches nothing") {
    Told told;
    REQUIRE(told.wait != nullptr);
    told.wait->arm();
    told.wait.reset();
    given.callback(nullptr, given.context, given.wait, WAIT_OBJECT_0);
    CHECK_FALSE(told.any.load());
    CHECK_FALSE(told.event.is_set());
}

}  // namespace nestling::testing

// The linker takes this pointer instead of that of the import library, for everything that is linked statically.
extern "C" {
extern void* const __imp_CreateThreadpoolWait;
void* const __imp_CreateThreadpoolWait = reinterpret_cast<void*>(&nestling::testing::create_wait);
}
