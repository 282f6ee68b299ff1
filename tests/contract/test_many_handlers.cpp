// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/resource.h>
#include <nestling/nestling.hpp>

#include <vector>

#include "support/descriptors.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {

/// As long as it lives, as many descriptors as the system allows.
class RaisedLimit {
public:
    RaisedLimit() {
        ::getrlimit(RLIMIT_NOFILE, &old_);
        rlimit high = old_;
        high.rlim_cur = high.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &high);
        available_ = static_cast<std::size_t>(high.rlim_cur);
    }
    RaisedLimit(const RaisedLimit&) = delete;
    RaisedLimit& operator=(const RaisedLimit&) = delete;
    ~RaisedLimit() { ::setrlimit(RLIMIT_NOFILE, &old_); }
    [[nodiscard]] std::size_t available() const noexcept { return available_; }

private:
    rlimit old_{};
    std::size_t available_ = 0;
};

}  // namespace

TEST_CASE("an outer loop has one descriptor to wait for with 1 and with 10,000 handlers, and each of them works",
          "[fd][counts][F11.3][F11.12]") {
    const Configuration cell = each_configuration();
    const RaisedLimit limit;
    constexpr std::size_t wanted = 10'000;
    REQUIRE(limit.available() > wanted + 100);
    Context context(options_for(cell));
    ExternalLoop loop(context);
    const bool is_one = cell.monitor != MonitorKind::poll;

    // One quiet pipe, known under 10,000 numbers, and one that speaks.
    const Ends quiet;
    const Ends speaking;
    int calls = 0;
    int quiet_calls = 0;
    const FdHandler first(context, speaking.near(), "speaking", {.read = [&] {
                              ++calls;
                              speaking.take();
                          }});
    CHECK_FALSE(loop.prepare().ready);
    CHECK(loop.polls().size() == (is_one ? 1 : 2));
    const std::uint64_t version = loop.polls_version();

    std::vector<Descriptor> duplicates;
    std::vector<FdHandler> handlers;
    for (std::size_t number = 1; number < wanted; ++number) {
        duplicates.emplace_back(::fcntl(quiet.near(), F_DUPFD_CLOEXEC, 0));
        REQUIRE(duplicates.back().get() >= 0);
        handlers.emplace_back(context, duplicates.back().get(), "quiet", FdCallbacks{.read = [&] { ++quiet_calls; }});
    }
    CHECK_FALSE(loop.prepare().ready);
    CHECK(loop.polls().size() == (is_one ? 1 : wanted + 1));
    CHECK((loop.polls_version() == version) == is_one);

    speaking.put();
    CHECK(context.poll(Wait::block));
    CHECK(calls == 1);
    CHECK(quiet_calls == 0);
    // All at once: more than a wait returns at a time, so several rounds, and everybody's turn comes.
    quiet.put();
    while (quiet_calls < static_cast<int>(handlers.size())) {
        CHECK(context.poll(Wait::block));
    }
    quiet.take();
    handlers.clear();
    CHECK_FALSE(context.poll(Wait::none));
}
