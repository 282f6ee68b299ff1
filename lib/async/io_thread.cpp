// SPDX-License-Identifier: MIT
#include <nestling/io_thread.hpp>

#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "os/log.hpp"
#include "os/this_thread.hpp"

namespace nestling {

LoopDriver::~LoopDriver() = default;

struct IoThread::Shared {
    std::shared_ptr<Context> context;

    std::mutex mutex;
    std::unique_ptr<LoopDriver> driver;
    std::thread thread;

    // Home thread. Changed by posts only: a flag of another thread could be set between the loop's look and its sleep
    // (contracts B-9, B-10).
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
    shared_->thread = std::thread([shared = shared_] {
        os::name_this_thread(shared->context->name());
        os::use_precise_timeouts();
        shared->context->adopt_home();
        shared->run();
        shared->context->release_home();
    });
}

IoThread::~IoThread() { stop(); }

const std::shared_ptr<Context>& IoThread::context() const noexcept { return shared_->context; }

void IoThread::stop() {
    if (shared_->context->is_home()) {
        os::die(shared_->context->name(), "", "IoThread::stop() on the thread itself");
    }
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->thread.joinable()) {
        return;
    }
    shared_->context->post("IoThread::stop", [shared = shared_.get()] {
        shared->is_stopping = true;
        if (shared->active != nullptr) {
            shared->active->quit();
        }
    });
    shared_->thread.join();
}

LoopDriver& IoThread::drive_with(Callback<std::unique_ptr<LoopDriver>()> make) {
    const std::lock_guard lock(shared_->mutex);
    if (!shared_->thread.joinable()) {
        throw std::logic_error("nestling: IoThread::drive_with() after stop()");
    }
    if (shared_->driver == nullptr) {
        shared_->driver = make();
        shared_->context->post("IoThread::drive_with",
                               [shared = shared_.get()] { shared->active = shared->driver.get(); });
    }
    return *shared_->driver;
}

}  // namespace nestling
