// SPDX-License-Identifier: MIT
#include <nestling/perform.hpp>

#include <cerrno>
#include <system_error>

namespace nestling {

bool Perform::start(async::TaskFrame& task) {
    if (!begin(task)) {
        return false;
    }
    request_ = queue_.start(std::move(operation_), [this](IoResult result) {
        state_ = State::ended;
        result_ = result;
        resume();
    });
    state_ = State::started;
    suspend();
    return true;
}

void Perform::woken() {
    // The end comes with the result.
    request_.cancel();
}

IoResult Perform::await_resume() {
    if (state_ == State::stopped) {
        throw_stopped();
    }
    finish();
    request_ = IoRequest();
    if (result_.value == -ECANCELED && frame().stop().stop_requested()) {
        throw_stopped();
    }
    return result_;
}

namespace {

/// How far a transfer has come.
std::size_t advance(IoResult result, std::uint64_t& offset, const char* what) {
    if (!result.ok()) {
        throw std::system_error(result.error(), what);
    }
    const auto moved = static_cast<std::size_t>(result.value);
    if (offset != io::current_position) {
        offset += moved;
    }
    return moved;
}

}  // namespace

Task<std::size_t> read_exactly(IoQueue& queue, int fd, std::span<std::byte> into, std::uint64_t offset) {
    std::size_t done = 0;
    while (done != into.size()) {
        const IoResult result = co_await perform(queue, io::read(fd, into.subspan(done), offset));
        const std::size_t moved = advance(result, offset, "nestling: read_exactly()");
        if (moved == 0) {
            break;
        }
        done += moved;
    }
    co_return done;
}

Task<void> write_all(IoQueue& queue, int fd, std::span<const std::byte> from, std::uint64_t offset) {
    while (!from.empty()) {
        const IoResult result = co_await perform(queue, io::write(fd, from, offset));
        const std::size_t moved = advance(result, offset, "nestling: write_all()");
        if (moved == 0) {
            throw std::system_error(std::make_error_code(std::errc::io_error), "nestling: write_all()");
        }
        from = from.subspan(moved);
    }
}

}  // namespace nestling
