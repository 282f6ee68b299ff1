// SPDX-License-Identifier: MIT
#pragma once

namespace bench {

/// What a peer calls back: as small as a C library's function and pointer, so that no peer pays for the harness. The
/// workload owns it, at a fixed address, for as long as the loop lives.
struct Hook {
    void (*function)(void* data);
    void* data;

    void operator()() const { function(data); }
};

/// A hook that calls `callable`, which must outlive it.
template <class F>
Hook hook_of(F& callable) {
    return {[](void* data) { (*static_cast<F*>(data))(); }, &callable};
}

}  // namespace bench
