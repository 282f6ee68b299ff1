// SPDX-License-Identifier: MIT
#include <nestling/bottom_half.hpp>
#include <nestling/io_thread.hpp>

#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "loop/removal.hpp"
#include "os/forget.hpp"
#include "os/fork_guard.hpp"
#include "os/log.hpp"
#include "os/this_thread.hpp"

namespace nestling {

LoopDriver::~LoopDriver() = default;

struct IoThread::Shared {
    const os::ForkGuard fork;
    std::shared_ptr<Context> context;
    /// Written by the thread before the constructor returns.
    long thread_id = 0;

    // Made beforehand, so that neither a switch nor a stop needs memory: a destructor could do nothing without.
    BottomHalf drive;
    BottomHalf stop;

    /// Held while the thread is joined; never by the thread itself.
    std::mutex stop_mutex;
    std::thread thread;

    std::mutex mutex;
    std::unique_ptr<LoopDriver> driver;
    bool has_stop_begun = false;

    // Home thread. Changed by bottom halves only: a flag of another thread could be set between the loop's look and its
    // sleep (contracts B-9, B-10).
    LoopDriver* active = nullptr;
    bool is_stopping = false;

    void run() {
        context->assert_home();
        while (!is_stopping && active == nullptr) {
            context->poll(Wait::block);
        }
        // Also when stop() came right behind the switch: whoever asked for the driver may wait until it has run.
        if (active != nullptr) {
            active->run(context);
        }
    }
};

IoThread::IoThread(ContextOptions options) : shared_(std::make_shared<Shared>()) {
    options.home = Home::later;
    shared_->context = std::make_shared<Context>(std::move(options));
    shared_->drive = BottomHalf(*shared_->context, "IoThread::drive_with",
                                [shared = shared_.get()] { shared->active = shared->driver.get(); });
    shared_->stop = BottomHalf(*shared_->context, "IoThread::stop", [shared = shared_.get()] {
        shared->is_stopping = true;
        if (shared->active != nullptr) {
            shared->active->quit();
        }
    });
    loop::OneTimeSignal started;
    shared_->thread = std::thread([shared = shared_, &started] {
        shared->thread_id = os::system_thread_id();
        os::name_this_thread(shared->context->name());
        os::use_precise_timeouts();
        shared->context->adopt_home();
        started.set();
        shared->run();
        shared->context->release_home();
    });
    started.wait();
}

IoThread::~IoThread() {
    if (shared_->fork.in_child()) {
        os::forget(std::move(shared_));
        return;
    }
    stop();
}

long IoThread::thread_id() const noexcept {
    return shared_->thread_id;
}

const std::shared_ptr<Context>& IoThread::context() const noexcept {
    return shared_->context;
}

void IoThread::stop() {
    if (shared_->fork.in_child()) {
        return;
    }
    if (shared_->context->is_home()) {
        os::die(shared_->context->name(), "", "IoThread::stop() on the thread itself");
    }
    const std::lock_guard one_at_a_time(shared_->stop_mutex);
    {
        const std::lock_guard lock(shared_->mutex);
        if (std::exchange(shared_->has_stop_begun, true)) {
            return;
        }
    }
    shared_->stop.schedule();
    shared_->thread.join();
}

LoopDriver& IoThread::drive_with(Callback<std::unique_ptr<LoopDriver>()> make) {
    shared_->context->core().assert_not_forked("IoThread::drive_with()");
    const std::lock_guard lock(shared_->mutex);
    // A callback of the thread still finds the driver that it is running in.
    const bool is_inside = shared_->driver != nullptr && shared_->context->is_home();
    if (shared_->has_stop_begun && !is_inside) {
        throw std::logic_error("nestling: IoThread::drive_with() after stop()");
    }
    if (shared_->driver == nullptr) {
        std::unique_ptr<LoopDriver> driver = make();
        if (driver == nullptr) {
            throw std::logic_error("nestling: IoThread::drive_with() was given no driver");
        }
        shared_->driver = std::move(driver);
        shared_->drive.schedule();
    }
    return *shared_->driver;
}

}  // namespace nestling
