// SPDX-License-Identifier: MIT
// Compiled once where Meson's b_pch is on, as standard.hpp, for tests.
#define NESTLING_TEST_LISTENER
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "support/testing.hpp"
