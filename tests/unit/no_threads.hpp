// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace nestling::testing {

/// While it lives, no thread can be started: the system refuses it.
class NoThreads {
public:
    NoThreads();
    NoThreads(const NoThreads&) = delete;
    NoThreads& operator=(const NoThreads&) = delete;
    ~NoThreads();

private:
    struct Saved;
    std::unique_ptr<Saved> saved_;
};

}  // namespace nestling::testing
