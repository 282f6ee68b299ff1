// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>

#include <nestling/annotations.hpp>
#include <nestling/suspension.hpp>
#include <nestling/task_frame.hpp>

namespace nestling::async {

class Waiter;

/// Waiters in the order in which they came. Under the mutex of the WaitPlace.
class NESTLING_API WaitList {
public:
    WaitList() noexcept = default;
    WaitList(const WaitList&) = delete;
    WaitList& operator=(const WaitList&) = delete;
    ~WaitList() = default;

    [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
    [[nodiscard]] Waiter& front() const noexcept { return *first_; }
    void push(Waiter& waiter) noexcept;
    void remove(Waiter& waiter) noexcept;

private:
    Waiter* first_ = nullptr;
    Waiter* last_ = nullptr;
};

/// Something that tasks of any contexts wait at. Any thread.
class NESTLING_API WaitPlace {
public:
    WaitPlace(const WaitPlace&) = delete;
    WaitPlace& operator=(const WaitPlace&) = delete;

protected:
    friend class Waiter;

    WaitPlace() noexcept = default;
    virtual ~WaitPlace() = default;

    [[nodiscard]] std::mutex& mutex() const noexcept { return mutex_; }
    /// Under the mutex: lets go on whoever may, in order, by Waiter::grant().
    virtual void settle() noexcept = 0;
    /// In the destructor of what has `list`: ends the process if somebody waits.
    static void refuse_waiters(const WaitList& list, const char* what) noexcept;

private:
    mutable std::mutex mutex_;
};

/// A task that waits at such a place. It is woken at most once, and that under the mutex of the place, which it takes
/// before it goes on: so whoever woke it needs neither the place nor the task's context any more (contracts B-13,
/// B-45).
class NESTLING_API Waiter : public Suspension {
public:
    /// Under the mutex. The task will go on: it has what it waits for, until give_back().
    void grant() noexcept;

protected:
    Waiter(WaitPlace& place, WaitList& list) noexcept : Suspension(&stop_waiting), place_(place), list_(list) {}
    ~Waiter() override = default;

    /// Under the mutex. Takes what is waited for, if it is there and nobody waits for it; false: wait.
    virtual bool take() noexcept = 0;
    /// Under the mutex. It was granted, and the task will not go on after all.
    virtual void give_back() noexcept = 0;

    // ---- Home thread ----

    /// The answer of await_suspend().
    bool wait(TaskFrame& task);
    /// In await_resume(). Returns whether it was granted, rather than taken; throws if the task was stopped.
    bool end_wait();
    /// In the destructor of the class that has take() and give_back().
    void leave() noexcept;

    [[nodiscard]] WaitPlace& place() const noexcept { return place_; }
    [[nodiscard]] std::mutex& mutex() const noexcept { return place_.mutex(); }

private:
    friend class WaitList;
    enum class State : std::uint8_t { idle, waiting, granted, stopped };

    static void stop_waiting(Suspension& self);

    WaitPlace& place_;
    WaitList& list_;
    Waiter* next_ = nullptr;
    Waiter* previous_ = nullptr;
    /// Under the mutex while it is suspended.
    State state_ = State::idle;
    /// Home thread.
    bool is_suspended_ = false;
};

}  // namespace nestling::async
