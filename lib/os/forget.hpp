// SPDX-License-Identifier: MIT
#pragma once

#include <new>
#include <utility>

namespace nestling::os {

/// Keeps what `object` holds from ever being destroyed: in a forked child, threads that are not there would be waited
/// for.
template <class T>
void forget(T object) noexcept {
    alignas(T) unsigned char room[sizeof(T)];
    ::new (static_cast<void*>(room)) T(std::move(object));
}

}  // namespace nestling::os
