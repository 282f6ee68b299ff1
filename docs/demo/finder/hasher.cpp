// SPDX-License-Identifier: MIT
#include "finder/hasher.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <vector>

#include "finder/file_check.hpp"
#include "finder/open_path.hpp"

namespace demo {

namespace {

HashResult& fail(HashResult& result, std::string error) {
    result.status = HashResult::Status::failed;
    result.error = std::move(error);
    return result;
}

/// Up to `wanted` bytes, less only at the end of the file; -1 and errno on failure.
ssize_t read_some(int fd, std::byte* to, std::size_t wanted) {
    std::size_t filled = 0;
    while (filled < wanted) {
        const ssize_t got = ::read(fd, to + filled, wanted - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        filled += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(filled);
}

}  // namespace

std::string to_hex(const Digest& digest) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

HashResult hash_file(const HashRequest& request, const StopFlag& stop) {
    HashResult result;
    result.request = request;
    const FoundFile& file = *request.file;
    const UniqueFd fd = open_path(file.path, open_flags(file));
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0) {
        return fail(result, reason_for(errno));
    }
    if (!is_same(file, status)) {
        return fail(result, "changed after it was found");
    }
    Checksum checksum;
    thread_local std::vector<std::byte> block(block_bytes);
    // One byte more than there should be tells a file that grows from one that ends where it should.
    const std::uint64_t limit = request.stage == Stage::prefix ? prefix_bytes : file.size + 1;
    while (result.bytes_read < limit) {
        if (stop.load(std::memory_order_relaxed)) {
            return result;
        }
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(limit - result.bytes_read, block_bytes));
        const ssize_t got = read_some(fd.get(), block.data(), wanted);
        if (got < 0) {
            return fail(result, reason_for(errno));
        }
        checksum.add(std::span(block).first(static_cast<std::size_t>(got)));
        result.bytes_read += static_cast<std::uint64_t>(got);
        if (static_cast<std::size_t>(got) < wanted) {
            break;
        }
    }
    const std::uint64_t expected = request.stage == Stage::prefix ? prefix_bytes : file.size;
    if (result.bytes_read != expected || ::fstat(fd.get(), &status) != 0 || !is_same(file, status)) {
        return fail(result, "changed while it was read");
    }
    result.digest = checksum.take();
    result.status = HashResult::Status::hashed;
    return result;
}

}  // namespace demo
