// SPDX-License-Identifier: MIT
#pragma once

// The only file that includes Catch2, so that version 2.13 and version 3 both do. What is used in tests is what the two
// have in common: TEST_CASE, TEMPLATE_TEST_CASE, SECTION, CHECK, REQUIRE, GENERATE, INFO, CAPTURE, WARN and FAIL. No
// Approx and no matchers. CHECK and REQUIRE belong on the thread that runs the test: other threads count what they see,
// and the test looks at the counts after it has joined them.
//
// A file that defines NESTLING_TEST_LISTENER before it includes this one can derive from nestling::testing::Listener
// and register that with CATCH_REGISTER_LISTENER. One that defines NESTLING_TEST_NAMES can ask which test case is
// running.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_message.hpp>
#include <catch2/catch_template_test_macros.hpp>
#include <catch2/catch_test_case_info.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#if defined(NESTLING_TEST_LISTENER)
#include <catch2/reporters/catch_reporter_event_listener.hpp>
#include <catch2/reporters/catch_reporter_registrars.hpp>
#endif
#if defined(NESTLING_TEST_NAMES)
#include <catch2/interfaces/catch_interfaces_capture.hpp>
#endif
#else
#if defined(NESTLING_TEST_LISTENER)
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#endif
#include <catch2/catch.hpp>
#endif

#if defined(NESTLING_TEST_LISTENER)
namespace nestling::testing {
#if __has_include(<catch2/catch_all.hpp>)
using CatchListener = Catch::EventListenerBase;
#else
using CatchListener = Catch::TestEventListenerBase;
#endif

/// What a listener derives from, with `using Listener::Listener;`.
class Listener : public CatchListener {
public:
    using CatchListener::CatchListener;
};
}  // namespace nestling::testing
#endif

/// Ends the test case. tests/run counts the line as skipped and repeats the reason at its end: a test that cannot run
/// here must not look like one that passed. (Catch's own SKIP is 3.3 and later, and ends the program with 4.)
#define SKIP_LOUDLY(reason)            \
    do {                               \
        WARN("SKIPPED: " << (reason)); \
        return;                        \
    } while (false)
