// SPDX-License-Identifier: MIT
#include "kit/fd_of_another.hpp"

#include "kit/trial.hpp"

namespace nestling::lab::kit {

FdOfAnother::FdOfAnother(int) {
    not_applicable("on this system nobody can say which number a handle gets");
}

FdOfAnother::~FdOfAnother() {
    // Nothing was opened.
    static_cast<void>(writer_);
}

}  // namespace nestling::lab::kit
