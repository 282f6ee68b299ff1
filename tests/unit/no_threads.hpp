// SPDX-License-Identifier: MIT
#pragma once

#include <pthread.h>

#include <cstddef>
#include <stdexcept>

namespace nestling::testing {

/// While it lives, no thread can be started: the stack that it would get does not fit into any address space.
class NoThreads {
public:
    NoThreads() {
        pthread_attr_t attributes;
        if (::pthread_getattr_default_np(&saved_) != 0 || ::pthread_attr_init(&attributes) != 0) {
            throw std::runtime_error("the attributes of threads cannot be read");
        }
        constexpr std::size_t too_much = std::size_t{1} << 56U;
        ::pthread_attr_setstacksize(&attributes, too_much);
        const int error = ::pthread_setattr_default_np(&attributes);
        ::pthread_attr_destroy(&attributes);
        if (error != 0) {
            throw std::runtime_error("the attributes of threads cannot be changed");
        }
    }
    NoThreads(const NoThreads&) = delete;
    NoThreads& operator=(const NoThreads&) = delete;
    ~NoThreads() {
        ::pthread_setattr_default_np(&saved_);
        ::pthread_attr_destroy(&saved_);
    }

private:
    pthread_attr_t saved_{};
};

}  // namespace nestling::testing
