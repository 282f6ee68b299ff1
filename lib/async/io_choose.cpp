// SPDX-License-Identifier: MIT
#include "async/io_choose.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "async/io_threads_backend.hpp"
#include "async/io_uring_backend.hpp"
#include "os/ring.hpp"

namespace nestling::async {

namespace {

struct Wish {
    IoEngine engine;
    std::string why;
};

Wish wish_of(IoEngine wanted) {
    if (wanted != IoEngine::automatic) {
        return {wanted, "forced by IoQueueOptions::engine"};
    }
    const char* const value = std::getenv("NESTLING_IO");
    if (value == nullptr || *value == '\0') {
        return {IoEngine::automatic, "best that the system has"};
    }
    const std::string_view name(value);
    if (name == "io_uring") {
        return {IoEngine::io_uring, "forced by NESTLING_IO"};
    }
    if (name == "threads") {
        return {IoEngine::threads, "forced by NESTLING_IO"};
    }
    throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                            "nestling: NESTLING_IO is neither io_uring nor threads: " + std::string(name));
}

IoChoice with_threads(Context& context, IoHost& host, const IoQueueOptions& options, std::string why) {
    return {std::make_unique<IoThreadsBackend>(context, host, options), IoEngine::threads, std::move(why)};
}

}  // namespace

IoChoice choose_io_backend(Context& context, IoHost& host, const IoQueueOptions& options) {
    Wish wish = wish_of(options.engine);
    if (wish.engine == IoEngine::threads) {
        return with_threads(context, host, options, std::move(wish.why));
    }
    os::Ring::Refusal refusal;
    if (std::unique_ptr<os::Ring> ring = os::Ring::create(std::max(options.entries, 1U), refusal)) {
        return {std::make_unique<IoUringBackend>(context, host, std::move(ring), options.name), IoEngine::io_uring,
                std::move(wish.why)};
    }
    if (wish.engine == IoEngine::io_uring) {
        throw std::system_error(std::error_code(refusal.error, std::system_category()),
                                "nestling: no io_uring (" + wish.why + "): " + refusal.why);
    }
    return with_threads(context, host, options,
                        std::string(refusal.why) + ": " + std::generic_category().message(refusal.error));
}

}  // namespace nestling::async
