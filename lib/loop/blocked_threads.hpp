// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace nestling::loop {

class ContextCore;

/// While it lives, this thread does nothing but wait for the home thread of a context.
///
/// Who waits for whom is known for the whole process: contexts do not know each other, and a ring of threads that wait
/// for each other may go through several. Looking for one costs a step for each thread that is blocked.
class BlockedOn {
public:
    /// Aborts, naming the context, if the wait closes a ring.
    BlockedOn(const ContextCore& target, const char* what);
    BlockedOn(const BlockedOn&) = delete;
    BlockedOn& operator=(const BlockedOn&) = delete;
    ~BlockedOn();

private:
    friend class BlockedThreads;
    const std::uintptr_t thread_;
    const ContextCore& target_;
    BlockedOn* next_ = nullptr;
};

}  // namespace nestling::loop
