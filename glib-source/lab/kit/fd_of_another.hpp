// SPDX-License-Identifier: MIT
#pragma once

namespace nestling::lab::kit {

/// Closes a descriptor, and gives its number to a pipe that can be read. Closes that in the end.
class FdOfAnother {
public:
    explicit FdOfAnother(int fd);
    FdOfAnother(const FdOfAnother&) = delete;
    FdOfAnother& operator=(const FdOfAnother&) = delete;
    ~FdOfAnother();

private:
    int writer_ = -1;
};

}  // namespace nestling::lab::kit
