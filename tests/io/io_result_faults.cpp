// SPDX-License-Identifier: MIT
// In front of os::Ring::take(): the program is linked with --wrap for it.
#include "io/io_result_faults.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "os/ring.hpp"

namespace nestling::testing {

namespace {
std::atomic<int> error_to_tell{0};
std::atomic<int> times_left{0};
std::atomic<int> untouched_left{0};
}  // namespace

FalseResults::FalseResults(int error, int times, int untouched) {
    untouched_left.store(untouched);
    times_left.store(times);
    error_to_tell.store(error);
}

FalseResults::~FalseResults() {
    error_to_tell.store(0);
}

int FalseResults::left() const {
    return times_left.load();
}

static void falsify(os::Ring::Completion& completion) {
    // Neither what only cancels nor what only waits.
    const bool is_work = completion.user_data != 0 && (completion.user_data & 1) == 0;
    if (!is_work || error_to_tell.load() == 0 || untouched_left.fetch_sub(1) > 0 || times_left.load() <= 0) {
        return;
    }
    times_left.fetch_sub(1);
    completion.result = -error_to_tell.load();
}

using Completions = std::span<os::Ring::Completion>;
std::size_t real_take(os::Ring* ring, Completions completions) asm("__real_" NESTLING_TEST_RING_TAKE);
std::size_t wrapped_take(os::Ring* ring, Completions completions) asm("__wrap_" NESTLING_TEST_RING_TAKE);

std::size_t wrapped_take(os::Ring* ring, Completions completions) {
    const std::size_t count = real_take(ring, completions);
    for (std::size_t at = 0; at < count; ++at) {
        falsify(completions[at]);
    }
    return count;
}

}  // namespace nestling::testing
