// SPDX-License-Identifier: MIT
#include "finder/duplicates.hpp"

namespace demo {

namespace {

// Small files cost time though they have hardly any bytes.
double weight(std::uint64_t jobs, std::uint64_t bytes) {
    return static_cast<double>(jobs) * static_cast<double>(prefix_bytes) + static_cast<double>(bytes);
}

}  // namespace

double Progress::share_done() const noexcept {
    const double all = weight(jobs, job_bytes);
    if (!walk_finished) {
        return 0;
    }
    return all > 0 ? weight(jobs_done, job_bytes_done) / all : 1;
}

}  // namespace demo
