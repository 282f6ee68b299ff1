// SPDX-License-Identifier: MIT
#include "bench/threads.hpp"

#include <sched.h>

#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>
#include <vector>

namespace bench {

namespace {

Cpus find_cpus() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) {
        throw std::system_error(errno, std::generic_category(), "sched_getaffinity");
    }
    std::vector<int> numbers;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(static_cast<unsigned>(cpu), &set)) {
            numbers.push_back(cpu);
        }
    }
    if (numbers.size() == 1) {
        return {numbers[0], numbers[0], numbers[0], 1};
    }
    return {numbers[0], numbers.size() > 2 ? numbers[2] : numbers[0], numbers[1], numbers.size()};
}

void pin_to(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(cpu), &set);
    if (::sched_setaffinity(0, sizeof set, &set) != 0) {
        throw std::system_error(errno, std::generic_category(), "sched_setaffinity");
    }
}

}  // namespace

const Cpus& cpus() {
    static const Cpus result = find_cpus();
    return result;
}

PinnedThread::PinnedThread(int cpu, std::function<void()> body)
    : thread_([this, cpu, body = std::move(body)] {
          try {
              pin_to(cpu);
              body();
          } catch (...) {
              failure_ = std::current_exception();
          }
      }) {}

PinnedThread::~PinnedThread() {
    if (thread_.joinable()) {
        thread_.join();
    }
}

void PinnedThread::join() {
    thread_.join();
    if (failure_) {
        std::rethrow_exception(failure_);
    }
}

}  // namespace bench
