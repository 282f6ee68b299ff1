// SPDX-License-Identifier: MIT
#include "open_fds.hpp"

namespace nestling::lab {

// The system tells that a number is a handle, but not whose. The C library makes an event for a mutex when two threads
// first want it at once, and the system's thread pool does as it likes, so what appears need not be the source's.
std::vector<int> open_fds() {
    return {};
}

}  // namespace nestling::lab
