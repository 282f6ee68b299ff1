// SPDX-License-Identifier: MIT
// Call sequences K and O: iterations inside of iterations.
#include <algorithm>
#include <utility>
#include <vector>

#include "glib/logs.hpp"
#include "glib/reading.hpp"
#include "glib/settings.hpp"
#include "support/descriptors.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

TEST_CASE("an iteration inside a callback dispatches what the outer one had left, and nothing twice",
          "[sequence][K][G4.8][R3]") {
    const Setting setting = GENERATE(from_range(settings()));
    CAPTURE(setting.name());
    Nested nested(setting);
    const Ends ends;
    std::vector<int> order;
    const BottomHalf outer(*nested.context, "outer", [&] {
        order.push_back(1);
        nested.main.look();
        order.push_back(2);
    });
    const BottomHalf left(*nested.context, "left", [&] { order.push_back(3); });
    const FdHandler handler(*nested.context, ends.near(), "fd", reading([&] {
        ends.take();
        order.push_back(4);
    }));
    nested.main.settle();
    outer.schedule();
    left.schedule();
    ends.put();
    nested.main.look();
    nested.main.settle();
    // Everything else ran inside.
    CHECK(order == std::vector<int>{1, 3, 4, 2});
}

TEST_CASE("nested iterations work to any depth", "[sequence][K]") {
    Nested nested;
    int depth = 0;
    int deepest = 0;
    BottomHalf deeper;
    deeper = BottomHalf(*nested.context, "deeper", [&] {
        deepest = std::max(deepest, ++depth);
        if (depth < 20) {
            deeper.schedule();
            nested.main.sleep();
        }
        --depth;
    });
    deeper.schedule();
    nested.main.run_until([&] { return deepest == 20; });
    nested.main.settle();
    CHECK(depth == 0);
    CHECK(deepest == 20);
}

TEST_CASE("iterating the GMainContext from a poll hook is refused by GLib and loses nothing", "[sequence][O][G4.7]") {
    Logs logs;
    Nested nested;
    const Ends ends;
    bool iterate = false;
    int runs = 0;
    const BottomHalf bottom_half(*nested.context, "bh", [&] { ++runs; });
    const FdHandler handler(*nested.context, ends.near(), "hook",
                            {[] {},
                             {},
                             [&] {
                                 if (std::exchange(iterate, false)) {
                                     CHECK_FALSE(nested.main.look());
                                 }
                                 return false;
                             },
                             [] {}});
    nested.main.settle();
    iterate = true;
    nested.main.look();
    CHECK_FALSE(iterate);
    CHECK(logs.count("GLib", "g_main_context_prepare() called recursively") == 1);
    bottom_half.schedule();
    nested.main.run_until([&] { return runs == 1; });
    CHECK(runs == 1);
}

}  // namespace nestling::testing
