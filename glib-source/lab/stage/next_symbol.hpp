// SPDX-License-Identifier: MIT
#pragma once

#include <dlfcn.h>

namespace nestling::lab::stage {

/// The definition of `name` that ours hides.
template <typename Function>
Function* next_symbol(const char* name) noexcept {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace nestling::lab::stage
