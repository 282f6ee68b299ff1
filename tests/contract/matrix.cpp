// SPDX-License-Identifier: MIT
// Prints, at the end of the run, how many contract tests passed and failed in each cell of the matrix.
#define NESTLING_TEST_LISTENER
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "protocol.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

class Matrix final : public Listener {
public:
    using Listener::Listener;

    void testRunStarting(const Catch::TestRunInfo& info) override {
        Listener::testRunStarting(info);
        if (lacks_what_is_asked_for()) {
            // What Meson takes for skipped. With the other monitors there is a run of its own.
            std::fprintf(stderr, "there is no io_uring here\n");
            std::exit(77);
        }
    }

    void testCaseStarting(const Catch::TestCaseInfo& info) override {
        Listener::testCaseStarting(info);
        test_name_ = info.name;
    }

    void sectionStarting(const Catch::SectionInfo& info) override {
        Listener::sectionStarting(info);
        if (depth_++ == 0) {
            forget_configuration();
        }
    }

    void sectionEnded(const Catch::SectionStats& stats) override {
        Listener::sectionEnded(stats);
        if (--depth_ != 0) {
            return;
        }
        const Configuration* configuration = current_configuration();
        const std::string cell = configuration == nullptr ? std::string("- - -") : name_of(*configuration);
        Counts& cases = cells_[cell];
        const bool failed = stats.assertions.failed != 0;
        (failed ? cases.failed : cases.passed) += 1;
        if (failed) {
            std::printf("failed on %s (%s): %s\n", cell.c_str(), wake_protocol, test_name_.c_str());
        }
    }

    void testRunEnded(const Catch::TestRunStats& stats) override {
        Listener::testRunEnded(stats);
        std::printf("MATRIX BEGIN\n%-8s %-8s %-8s %-8s %6s %6s\n", "driver", "monitor", "notifier", "protocol",
                    "passed", "failed");
        for (const Configuration& configuration : all_configurations()) {
            print(name_of(configuration.driver), name_of(configuration.monitor), name_of(configuration.notifier),
                  cells_[name_of(configuration)]);
        }
        print("any", "any", "any", cells_["- - -"]);
        std::printf("MATRIX END\n");
        std::fflush(stdout);
    }

private:
    struct Counts {
        int passed = 0;
        int failed = 0;
    };

    static void print(const char* driver, const char* monitor, const char* notifier, const Counts& cases) {
        std::printf("%-8s %-8s %-8s %-8s %6d %6d\n", driver, monitor, notifier, wake_protocol, cases.passed,
                    cases.failed);
    }

    std::map<std::string, Counts> cells_;
    std::string test_name_;
    int depth_ = 0;
};

CATCH_REGISTER_LISTENER(Matrix)

}  // namespace

}  // namespace nestling::testing
