// SPDX-License-Identifier: MIT
#include "sync/outer_attachment.hpp"

#include <atomic>
#include <thread>

#include "support/testing.hpp"

namespace nestling::testing {

using OuterAttachment = sync::OuterAttachment<>;

TEST_CASE("one outer loop at a time is attached") {
    OuterAttachment attachment;
    CHECK(attachment.attach());
    CHECK_FALSE(attachment.attach());
    CHECK_FALSE(attachment.fold_detachment());
    attachment.detach();
    CHECK(attachment.attach());
    CHECK_FALSE(attachment.attach());
}

TEST_CASE("a detachment is folded in once, also when another loop has attached meanwhile") {
    OuterAttachment attachment;
    CHECK_FALSE(attachment.fold_detachment());
    REQUIRE(attachment.attach());
    attachment.detach();
    const bool is_reattached = GENERATE(false, true);
    if (is_reattached) {
        REQUIRE(attachment.attach());
    }
    CHECK(attachment.fold_detachment());
    CHECK_FALSE(attachment.fold_detachment());
    CHECK(attachment.attach() == !is_reattached);
}

TEST_CASE("a loop that attached again and went again leaves one detachment") {
    OuterAttachment attachment;
    REQUIRE(attachment.attach());
    attachment.detach();
    REQUIRE(attachment.attach());
    attachment.detach();
    CHECK(attachment.fold_detachment());
    CHECK_FALSE(attachment.fold_detachment());
    CHECK(attachment.attach());
}

TEST_CASE("a loop that attaches after the former has gone is never refused while the home thread folds that in") {
    OuterAttachment attachment;
    std::atomic<bool> is_done{false};
    int refused = 0;
    constexpr int rounds = 200000;
    std::thread outer([&] {
        for (int round = 0; round < rounds; ++round) {
            if (attachment.attach()) {
                attachment.detach();
            } else {
                ++refused;
            }
        }
        is_done.store(true);
    });
    int folded = 0;
    while (!is_done.load()) {
        folded += attachment.fold_detachment() ? 1 : 0;
    }
    outer.join();
    folded += attachment.fold_detachment() ? 1 : 0;
    CHECK(refused == 0);
    CHECK(folded >= 1);
    CHECK(folded <= rounds);
}

}  // namespace nestling::testing
