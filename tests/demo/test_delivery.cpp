// SPDX-License-Identifier: MIT
#include <glib.h>

#include <nestling/context.hpp>
#include <nestling/timer.hpp>

#include <unistd.h>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "delivery/glib_delivery.hpp"
#include "delivery/nestling_delivery.hpp"
#include "support/testing.hpp"
#include "temporary_folder.hpp"

using namespace demo;
using demo::testing::TemporaryFolder;

namespace {

struct Received final : Receiver {
    void on_batch(WalkBatch batch) override {
        ++batches;
        files += batch.files.size();
        last = last || batch.last;
    }
    void on_hashed(HashResult result) override { hashed.push_back(std::move(result)); }

    std::size_t batches = 0;
    std::size_t files = 0;
    bool last = false;
    std::vector<HashResult> hashed;
};

/// The home thread of either mode. What never arrives ends the test, and not the patience of who waits for it.
class Home {
public:
    explicit Home(Mode mode) : mode_(mode), overdue_(context_, "overdue", [this] { is_overdue_ = true; }) {
        overdue_.arm_after(std::chrono::seconds(60));
    }

    std::unique_ptr<Delivery> make(std::size_t threads) {
        if (mode_ == Mode::glib) {
            return std::make_unique<GlibDelivery>(threads);
        }
        return std::make_unique<NestlingDelivery>(context_, threads);
    }

    template <class Condition>
    bool run_until(Condition condition) {
        while (!condition() && !is_overdue_) {
            if (mode_ == Mode::glib) {
                g_main_context_iteration(nullptr, FALSE);
            }
            context_.poll(mode_ == Mode::glib ? nestling::Wait::none : nestling::Wait::block);
        }
        return condition();
    }

    /// Delivers what has arrived already.
    void run_what_is_ready() {
        while (g_main_context_iteration(nullptr, FALSE) != FALSE || context_.poll(nestling::Wait::none)) {
        }
    }

private:
    const Mode mode_;
    nestling::Context context_;
    bool is_overdue_ = false;
    nestling::Timer overdue_;
};

HashRequest request_for(const std::string& path) {
    WalkBatch batch = Walker({path}, Links::keep).next();
    REQUIRE(batch.files.size() == 1);
    return {std::make_shared<const FoundFile>(batch.files.front()), 0, Stage::full};
}

}  // namespace

TEST_CASE("a walk that is ahead of the home thread waits for it, and goes on", "[demo]") {
    const Mode mode = GENERATE(Mode::nestling, Mode::glib);
    CAPTURE(mode_name(mode));
    const TemporaryFolder folder;
    const std::size_t folders = 5 * Delivery::batches_ahead;
    for (std::size_t i = 0; i < folders; ++i) {
        const std::string name = std::to_string(i);
        folder.mkdir(name);
        folder.write(name + "/file", "");
    }
    Home home(mode);
    Received received;
    const auto delivery = home.make(1);
    delivery->walk(Walker({folder.path()}, Links::keep), received);
    while (delivery->sent() < Delivery::batches_ahead) {
        std::this_thread::yield();
    }
    CHECK(received.batches == 0);
    CHECK(delivery->sent() == Delivery::batches_ahead);
    REQUIRE(home.run_until([&] { return received.last; }));
    CHECK(received.files == folders);
    // One for each folder, and one for that which they are in; it may need more, having so many entries.
    CHECK(received.batches > folders);
    CHECK(delivery->sent() == received.batches);
    CHECK(delivery->received() == received.batches);
}

TEST_CASE("every file that was taken is hashed and comes back once", "[demo]") {
    const Mode mode = GENERATE(Mode::nestling, Mode::glib);
    CAPTURE(mode_name(mode));
    const TemporaryFolder folder;
    folder.write("file", "abc");
    HashRequest request = request_for(folder.path());
    Home home(mode);
    Received received;
    const auto delivery = home.make(3);
    delivery->walk(Walker({folder.path()}, Links::keep), received);
    std::size_t taken = 0;
    while (taken < 500) {
        request.copy = taken;
        if (delivery->submit(request)) {
            ++taken;
        } else {
            REQUIRE(home.run_until([&, before = received.hashed.size()] { return received.hashed.size() > before; }));
        }
    }
    REQUIRE(home.run_until([&] { return received.hashed.size() >= taken && received.last; }));
    std::vector<int> times(taken);
    for (const HashResult& result : received.hashed) {
        CHECK(result.status == HashResult::Status::hashed);
        ++times[result.request.copy];
    }
    CHECK(times == std::vector<int>(taken, 1));
    CHECK(delivery->sent() == delivery->received());
}

TEST_CASE("a full queue refuses, and nothing arrives after the end", "[demo]") {
    const Mode mode = GENERATE(Mode::nestling, Mode::glib);
    CAPTURE(mode_name(mode));
    const TemporaryFolder folder;
    // Nobody hashes this to its end: the one thread is busy until it is told to stop.
    REQUIRE(::truncate(folder.write("endless", "").c_str(), off_t{1} << 36) == 0);
    const HashRequest request = request_for(folder.path());
    Home home(mode);
    Received received;
    const auto delivery = home.make(1);
    delivery->walk(Walker({folder.path()}, Links::keep), received);
    REQUIRE(home.run_until([&] { return received.last; }));
    std::size_t taken = 0;
    while (delivery->submit(request)) {
        ++taken;
    }
    CHECK(taken >= Delivery::files_ahead);
    CHECK(taken <= Delivery::files_ahead + 1);
    delivery->stop();
    home.run_what_is_ready();
    CHECK(received.hashed.empty());
    delivery->stop();
}
