// SPDX-License-Identifier: MIT
#pragma once

#include <new>
#include <type_traits>
#include <utility>

namespace nestling::os {

/// Keeps what `object` holds from ever being destroyed: in a forked child, threads that are not there would be waited
/// for.
template <class T>
void forget(T&& object) noexcept {
    using Object = std::remove_reference_t<T>;
    alignas(Object) unsigned char room[sizeof(Object)];
    ::new (static_cast<void*>(room)) Object(std::move(object));
}

}  // namespace nestling::os
