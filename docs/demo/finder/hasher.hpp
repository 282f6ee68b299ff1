// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "finder/checksum.hpp"
#include "finder/found_file.hpp"

namespace demo {

/// In small letters, as sha256sum prints it.
std::string to_hex(const Digest& digest);

enum class Stage : std::uint8_t {
    prefix,  ///< the first `prefix_bytes`: enough to tell most large files apart
    full,    ///< all of it: what equality is decided by
};

constexpr std::uint64_t prefix_bytes = 16 * 1024;
/// How much is read at a time.
constexpr std::size_t block_bytes = 128 * 1024;
/// Below this, reading twice costs more than it saves.
constexpr std::uint64_t prefix_from_size = 8 * prefix_bytes;

/// One file to be hashed; `copy` comes back unchanged and means nothing to the hasher.
struct HashRequest {
    std::shared_ptr<const FoundFile> file;
    std::size_t copy = 0;
    Stage stage = Stage::full;
};

struct HashResult {
    enum class Status : std::uint8_t { hashed, failed, stopped };

    HashRequest request;
    Status status = Status::stopped;
    Digest digest{};
    std::uint64_t bytes_read = 0;
    std::string error;                  ///< why it failed
    std::chrono::nanoseconds ended{0};  ///< when the worker was done with it
};

/// Set by the home thread, read by workers between two blocks.
using StopFlag = std::atomic<bool>;

/// Any thread. Reads and hashes; a file that is not any more what the walk saw, before or after, is a failure: a digest
/// of half an old and half a new file would be equal to nothing anybody has.
HashResult hash_file(const HashRequest& request, const StopFlag& stop);

}  // namespace demo
