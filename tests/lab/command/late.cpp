// SPDX-License-Identifier: MIT
// For interpreters to load: whether a lab in them has virtual time.
#include <cstdio>

#include <nestling-lab/lab.hpp>

extern "C" __attribute__((visibility("default"))) int why_real_time() {
    constexpr int real = 3;
    const nestling::lab::Lab lab;
    std::puts(lab.has_virtual_time() ? "virtual" : lab.why_real_time().c_str());
    std::fflush(stdout);
    return lab.has_virtual_time() ? 0 : real;
}
