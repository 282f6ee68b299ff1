// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "finder/found_file.hpp"

struct stat;
struct statx;

namespace demo {

/// Why a file could not be opened or read, in words; `number` is an errno.
std::string reason_for(int number);

/// What a file must still be while it is read: what the walk saw.
bool is_same(const FoundFile& file, const struct stat& status);
bool is_same(const FoundFile& file, const struct statx& status);

/// With which flags to open it. Without O_NONBLOCK, a fifo that took the file's place would wait for a writer for ever.
int open_flags(const FoundFile& file);

}  // namespace demo
