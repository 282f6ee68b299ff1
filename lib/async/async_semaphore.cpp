// SPDX-License-Identifier: MIT
#include <nestling/async_semaphore.hpp>

#include <mutex>

namespace nestling {

AsyncPermit& AsyncPermit::operator=(AsyncPermit&& other) noexcept {
    if (this != &other) {
        release();
        semaphore_ = std::exchange(other.semaphore_, nullptr);
        amount_ = std::exchange(other.amount_, 0U);
    }
    return *this;
}

void AsyncPermit::release() noexcept {
    if (semaphore_ != nullptr) {
        std::exchange(semaphore_, nullptr)->release(std::exchange(amount_, 0U));
    }
}

AsyncAcquire::AsyncAcquire(AsyncSemaphore& semaphore, std::size_t amount) noexcept
    : Waiter(semaphore, semaphore.waiters_), semaphore_(semaphore), amount_(amount) {}

AsyncPermit AsyncAcquire::await_resume() {
    end_wait();
    return AsyncPermit(semaphore_, amount_);
}

bool AsyncAcquire::take() noexcept {
    return semaphore_.take(amount_);
}

void AsyncAcquire::give_back() noexcept {
    semaphore_.available_ += amount_;
}

AsyncPermit AsyncSemaphore::try_acquire(std::size_t amount) noexcept {
    const std::lock_guard lock(mutex());
    return take(amount) ? AsyncPermit(*this, amount) : AsyncPermit();
}

void AsyncSemaphore::release(std::size_t amount) noexcept {
    const std::lock_guard lock(mutex());
    available_ += amount;
    settle();
}

std::size_t AsyncSemaphore::available() const noexcept {
    const std::lock_guard lock(mutex());
    return available_;
}

bool AsyncSemaphore::take(std::size_t amount) noexcept {
    if (!waiters_.empty() || available_ < amount) {
        return false;
    }
    available_ -= amount;
    return true;
}

void AsyncSemaphore::settle() noexcept {
    while (!waiters_.empty()) {
        auto& first = static_cast<AsyncAcquire&>(waiters_.front());
        if (available_ < first.amount_) {
            return;
        }
        available_ -= first.amount_;
        first.grant();
    }
}

}  // namespace nestling
