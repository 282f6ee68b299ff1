// SPDX-License-Identifier: MIT
#include "kit/fd_of_another.hpp"

#include <unistd.h>

#include <array>

namespace nestling::lab::kit {

FdOfAnother::FdOfAnother(int fd) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) == 0) {
        writer_ = ends[1];
        dup2(ends[0], fd);
        close(ends[0]);
        static_cast<void>(!write(writer_, "x", 1));
    }
}

// The number is the subject's to close, as before.
FdOfAnother::~FdOfAnother() {
    close(writer_);
}

}  // namespace nestling::lab::kit
