// SPDX-License-Identifier: MIT
// Compiled once where Meson's b_pch is on: the headers of the standard library that most sources include. Every source
// includes what it uses all the same, because b_pch is off by default.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>
#include <vector>
