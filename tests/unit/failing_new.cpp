// SPDX-License-Identifier: MIT
#include "unit/failing_new.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace nestling::testing {

namespace {

constexpr int never = -1;
thread_local int successes_left = never;
thread_local bool has_failed_once = false;
thread_local long block_count = 0;

bool must_fail() noexcept {
    if (successes_left == never) {
        return false;
    }
    if (successes_left > 0) {
        --successes_left;
        return false;
    }
    has_failed_once = true;
    return true;
}

void* give(void* block) {
    if (block == nullptr) {
        throw std::bad_alloc();
    }
    ++block_count;
    return block;
}

void take_back(void* block) noexcept {
    if (block != nullptr) {
        --block_count;
        std::free(block);
    }
}

}  // namespace

FailingNew::FailingNew(int successes) {
    has_failed_once = false;
    successes_left = successes;
}

FailingNew::~FailingNew() {
    successes_left = never;
}

bool FailingNew::has_failed() {
    return has_failed_once;
}

long live_blocks() {
    return block_count;
}

}  // namespace nestling::testing

void* operator new(std::size_t size) {
    using namespace nestling::testing;
    return give(must_fail() ? nullptr : std::malloc(size == 0 ? 1 : size));
}

void* operator new(std::size_t size, std::align_val_t alignment) {
    using namespace nestling::testing;
    const auto step = static_cast<std::size_t>(alignment);
    return give(must_fail() ? nullptr : std::aligned_alloc(step, (size + step - 1) / step * step));
}

// The library's own would ask a sanitizer's operator new, whose blocks the operator delete below must not free.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    try {
        return ::operator new(size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void* operator new[](std::size_t size) {
    return ::operator new(size);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
    return ::operator new(size, alignment);
}

void operator delete(void* block) noexcept {
    nestling::testing::take_back(block);
}
void operator delete(void* block, std::size_t) noexcept {
    nestling::testing::take_back(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
    nestling::testing::take_back(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    nestling::testing::take_back(block);
}
void operator delete[](void* block) noexcept {
    nestling::testing::take_back(block);
}
void operator delete[](void* block, std::size_t) noexcept {
    nestling::testing::take_back(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
    nestling::testing::take_back(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
    nestling::testing::take_back(block);
}
