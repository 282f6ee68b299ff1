// SPDX-License-Identifier: MIT
#include "unit/no_threads.hpp"

#include <pthread.h>

#include <cstddef>
#include <stdexcept>

namespace nestling::testing {

struct NoThreads::Saved {
    pthread_attr_t attributes{};
};

// The stack that a thread would get does not fit into any address space.
NoThreads::NoThreads() : saved_(std::make_unique<Saved>()) {
    pthread_attr_t attributes;
    if (::pthread_getattr_default_np(&saved_->attributes) != 0 || ::pthread_attr_init(&attributes) != 0) {
        throw std::runtime_error("the attributes of threads cannot be read");
    }
    constexpr std::size_t too_much = std::size_t{15} << (8 * sizeof(std::size_t) - 4);
    ::pthread_attr_setstacksize(&attributes, too_much);
    const int error = ::pthread_setattr_default_np(&attributes);
    ::pthread_attr_destroy(&attributes);
    if (error != 0) {
        throw std::runtime_error("the attributes of threads cannot be changed");
    }
}

NoThreads::~NoThreads() {
    ::pthread_setattr_default_np(&saved_->attributes);
    ::pthread_attr_destroy(&saved_->attributes);
}

}  // namespace nestling::testing
