// SPDX-License-Identifier: MIT
#include "finder/async_hasher.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <nestling/perform.hpp>
#include <nestling/run_in_pool.hpp>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <span>
#include <vector>

#include "finder/checksum.hpp"
#include "finder/file_check.hpp"
#include "finder/open_path.hpp"

namespace demo {

namespace {

using nestling::IoQueue;
using nestling::IoResult;
using nestling::Task;

HashResult failure(HashResult result, std::string error) {
    result.status = HashResult::Status::failed;
    result.error = std::move(error);
    return result;
}

/// 0 or an errno; ESTALE if the file is not what it was.
Task<int> check(IoQueue& io, const UniqueFd& fd, const FoundFile& file) {
    struct statx status {};
    const IoResult result =
        co_await perform(io, nestling::io::statx(fd.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status));
    if (!result.ok()) {
        co_return -result.value;
    }
    co_return is_same(file, status) ? 0 : ESTALE;
}

}  // namespace

Task<HashResult> hash_file_through(IoQueue& io, nestling::WorkQueue& hashing, HashRequest request,
                                   const StopFlag& stop) {
    const std::shared_ptr<const FoundFile> file = request.file;
    if (file->path.size() >= PATH_MAX) {
        // Such a path is opened in steps.
        co_return co_await run_in_pool(hashing, [&] { return hash_file(request, stop); });
    }
    HashResult result;
    result.request = request;
    const IoResult opened = co_await perform(io, nestling::io::openat(AT_FDCWD, file->path.c_str(), open_flags(*file)));
    if (!opened.ok()) {
        co_return failure(std::move(result), reason_for(-opened.value));
    }
    const UniqueFd fd(opened.value);
    if (const int error = co_await check(io, fd, *file); error != 0) {
        co_return failure(std::move(result), error == ESTALE ? "changed after it was found" : reason_for(error));
    }
    Checksum checksum;
    // One byte more than there should be tells a file that grows from one that ends where it should.
    const std::uint64_t limit = request.stage == Stage::prefix ? prefix_bytes : file->size + 1;
    std::vector<std::byte> block(std::min<std::uint64_t>(limit, block_bytes));
    while (result.bytes_read < limit) {
        const std::size_t wanted = std::min<std::uint64_t>(limit - result.bytes_read, block.size());
        const IoResult got =
            co_await perform(io, nestling::io::read(fd.get(), std::span(block).first(wanted), result.bytes_read));
        if (!got.ok()) {
            co_return failure(std::move(result), reason_for(-got.value));
        }
        if (got.value == 0) {
            break;
        }
        const auto bytes = std::span(block).first(static_cast<std::size_t>(got.value));
        co_await run_in_pool(hashing, [&] { checksum.add(bytes); });
        result.bytes_read += bytes.size();
    }
    const std::uint64_t expected = request.stage == Stage::prefix ? prefix_bytes : file->size;
    if (result.bytes_read != expected || co_await check(io, fd, *file) != 0) {
        co_return failure(std::move(result), "changed while it was read");
    }
    result.digest = checksum.take();
    result.status = HashResult::Status::hashed;
    co_return result;
}

}  // namespace demo
