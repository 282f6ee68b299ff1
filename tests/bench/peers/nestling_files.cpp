// SPDX-License-Identifier: MIT
// Nestling's queue of operations on both engines, and its thread pool with bare pread(2).
#include <nestling/io_queue.hpp>
#include <nestling/thread_pool.hpp>
#include <nestling/version.hpp>

#include <unistd.h>

#include <memory>
#include <system_error>
#include <vector>

#include "bench/peers/peers.hpp"
#include "bench/workloads/w8_files.hpp"

namespace bench {

namespace {

template <nestling::IoEngine Engine>
class QueueReader : public BlockReader {
public:
    QueueReader(BenchFile& of, std::size_t depth)
        : BlockReader(of, depth), queue_(context_, {.engine = Engine}), requests_(depth) {}

    void begin() {
        for (std::size_t index = 0; index < blocks.size(); ++index) {
            read(index);
        }
    }
    void round() { context_.poll(nestling::Wait::block); }

private:
    void read(std::size_t index) {
        requests_[index] = queue_.start(nestling::io::read(file.fd(), blocks[index], file.next_offset()),
                                        [this, index](nestling::IoResult result) {
                                            count(result.value);
                                            read(index);
                                        });
    }

    nestling::Context context_;
    nestling::IoQueue queue_;
    std::vector<nestling::IoRequest> requests_;
};

class PoolReader : public BlockReader {
public:
    PoolReader(BenchFile& of, std::size_t depth)
        : BlockReader(of, depth),
          pool_(std::make_shared<nestling::ThreadPool>(nestling::ThreadPoolOptions{.max_threads = 8})),
          queue_(context_, pool_, "w8") {}
    void begin() {
        for (std::size_t index = 0; index < blocks.size(); ++index) {
            read(index);
        }
    }
    void round() { context_.poll(nestling::Wait::block); }

private:
    void read(std::size_t index) {
        const std::uint64_t offset = file.next_offset();
        const std::error_code error = queue_.submit(
            [this, index, offset] {
                return ::pread(file.fd(), blocks[index].data(), block_size, static_cast<off_t>(offset));
            },
            [this, index](nestling::Outcome<ssize_t> outcome) {
                count(outcome.value());
                read(index);
            });
        failed += error ? 1 : 0;
    }

    nestling::Context context_;
    std::shared_ptr<nestling::ThreadPool> pool_;
    nestling::WorkQueue queue_;
};

[[nodiscard]] bool has_io_uring() {
    nestling::Context context;
    return nestling::IoQueue(context).engine() == nestling::IoEngine::io_uring;
}

}  // namespace

void add_nestling_files(Registry& to) {
    if (has_io_uring()) {
        add_w8<QueueReader<nestling::IoEngine::io_uring>>(to, "nestling");
    }
    to.add_peer("nestling-threads", NESTLING_VERSION);
    add_w8<QueueReader<nestling::IoEngine::threads>>(to, "nestling-threads");
    to.add_peer("nestling-pool", "pread(2) in its thread pool");
    add_w8<PoolReader>(to, "nestling-pool");
}

}  // namespace bench
