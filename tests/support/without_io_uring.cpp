// SPDX-License-Identifier: MIT
// without-io-uring PROGRAM [ARGUMENT...]: runs it where the kernel refuses io_uring, as many containers do.
#include <unistd.h>

#include <cstdio>

#include "support/forbid_io_uring.hpp"

int main(int count, char** values) {
    if (count < 2) {
        std::fprintf(stderr, "Usage: %s PROGRAM [ARGUMENT...]\n", values[0]);
        return 2;
    }
    if (!nestling::testing::forbid_io_uring()) {
        std::perror("without-io-uring: no filter can be set");
        return 1;
    }
    ::execvp(values[1], values + 1);
    std::perror(values[1]);
    return 127;
}
