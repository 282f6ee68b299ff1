// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "bench/chunks.hpp"
#include "bench/registry.hpp"
#include "bench/threads.hpp"

/// W8: blocks of a file that is in memory, so many at a time.
namespace bench {

inline constexpr std::size_t block_size = 4096;

/// A file whose blocks are all in memory, and the order in which they are read. On a disk: the kernel gives reads of
/// files that have none to threads.
class BenchFile {
public:
    BenchFile() {
        char path[] = "/var/tmp/nestling-bench-XXXXXX";
        fd_ = ::mkstemp(path);
        ::unlink(path);
        const std::vector<std::byte> content(block_size * blocks, std::byte{1});
        if (fd_ < 0 || ::pwrite(fd_, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size())) {
            throw std::system_error(errno, std::generic_category(), "no file to read");
        }
    }
    BenchFile(const BenchFile&) = delete;
    BenchFile& operator=(const BenchFile&) = delete;
    ~BenchFile() { ::close(fd_); }

    [[nodiscard]] int fd() const noexcept { return fd_; }
    [[nodiscard]] std::uint64_t next_offset() noexcept {
        state_ = state_ * 1664525U + 1013904223U;
        return std::uint64_t{block_size} * (state_ >> 22U);
    }

private:
    static constexpr std::size_t blocks = 1024;
    int fd_ = -1;
    std::uint32_t state_ = 1;
};

/// Reads with `depth` reads at a time: each that ends begins the next. Time for each.
///
/// A reader is made with (file, depth); begin() begins them all, and round() waits for some and begins as many. It
/// counts in `ended`.
template <class Reader>
Outcome w8_reads(const Effort& effort, std::size_t depth) {
    Outcome result;
    PinnedThread thread(cpus().loop, [&] {
        BenchFile file;
        Reader reader(file, depth);
        reader.begin();
        result = divided(median_chunk(effort,
                                      [&] {
                                          const std::uint64_t target = reader.ended + depth;
                                          while (reader.ended < target) {
                                              reader.round();
                                          }
                                      }),
                         static_cast<double>(depth));
        if (reader.failed != 0) {
            result = std::nullopt;
        }
    });
    thread.join();
    return result;
}

/// What all readers have: a block for each read, and counts.
struct BlockReader {
    BlockReader(BenchFile& of, std::size_t depth) : file(of), blocks(depth) {}

    void count(std::int64_t result) noexcept {
        ++ended;
        failed += result == std::int64_t{block_size} ? 0 : 1;
    }

    BenchFile& file;
    std::vector<std::array<std::byte, block_size>> blocks;
    std::uint64_t ended = 0;
    std::uint64_t failed = 0;
};

template <class Reader>
void add_w8(Registry& to, std::string_view peer) {
    to.add(peer, "w8.read-1", [](const Effort& effort) { return w8_reads<Reader>(effort, 1); });
    to.add(peer, "w8.read-32", [](const Effort& effort) { return w8_reads<Reader>(effort, 32); });
    to.add(peer, "w8.read-128", [](const Effort& effort) { return w8_reads<Reader>(effort, 128); });
}

}  // namespace bench
