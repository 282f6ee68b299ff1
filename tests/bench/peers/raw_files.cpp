// SPDX-License-Identifier: MIT
// The limit of W8: liburing's own loop.
#include <liburing.h>

#include <cstdint>
#include <system_error>

#include "bench/peers/peers.hpp"
#include "bench/workloads/w8_files.hpp"

namespace bench {

namespace {

class RawReader : public BlockReader {
public:
    RawReader(BenchFile& of, std::size_t depth) : BlockReader(of, depth) {
        io_uring_params parameters{};
        parameters.flags = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SINGLE_ISSUER;
        if (const int error = ::io_uring_queue_init_params(128, &ring_, &parameters); error != 0) {
            throw std::system_error(-error, std::generic_category(), "io_uring");
        }
    }
    RawReader(const RawReader&) = delete;
    RawReader& operator=(const RawReader&) = delete;
    ~RawReader() { ::io_uring_queue_exit(&ring_); }

    void begin() {
        for (std::size_t index = 0; index < blocks.size(); ++index) {
            read(index);
        }
    }
    void round() {
        ::io_uring_submit_and_wait(&ring_, 1);
        io_uring_cqe* entry = nullptr;
        unsigned head = 0;
        unsigned taken = 0;
        io_uring_for_each_cqe(&ring_, head, entry) {
            ++taken;
            count(entry->res);
            read(entry->user_data);
        }
        ::io_uring_cq_advance(&ring_, taken);
    }

private:
    void read(std::size_t index) {
        io_uring_sqe* const entry = ::io_uring_get_sqe(&ring_);
        ::io_uring_prep_read(entry, file.fd(), blocks[index].data(), block_size, file.next_offset());
        entry->user_data = index;
    }

    io_uring ring_{};
};

[[nodiscard]] bool has_io_uring() {
    io_uring ring{};
    if (::io_uring_queue_init(2, &ring, 0) != 0) {
        return false;
    }
    ::io_uring_queue_exit(&ring);
    return true;
}

}  // namespace

void add_raw_files(Registry& to) {
    if (has_io_uring()) {
        add_w8<RawReader>(to, "raw");
    }
}

}  // namespace bench
