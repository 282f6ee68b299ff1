// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include "contract/peace.hpp"
#include "support/descriptors.hpp"
#include "support/test_loop.hpp"
#include "support/testing.hpp"

using namespace nestling;
using namespace nestling::testing;
using namespace std::chrono_literals;

namespace {

std::errc error_of_handler(Context& context, int fd) {
    try {
        const FdHandler handler(context, fd, "refused", {.read = [] {}});
        return std::errc();
    } catch (const std::system_error& error) {
        return static_cast<std::errc>(error.code().value());
    }
}

}  // namespace

TEST_CASE("a handler is called in every iteration for as long as its condition lasts", "[fd][F6.4]") {
    TestLoop loop(each_configuration());
    const Ends ends;
    int calls = 0;
    const FdHandler handler(loop.context(), ends.near(), "level", {.read = [&] {
                                if (++calls == 5) {
                                    ends.take();
                                }
                            }});
    ends.put();
    for (int round = 1; round <= 5; ++round) {
        CHECK(loop.block());
        CHECK(calls == round);
    }
    CHECK_FALSE(loop.look());
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("read comes before write, and both are called in one iteration", "[fd][F6.5]") {
    TestLoop loop(each_configuration());
    const Ends ends(Ends::Kind::socket);
    std::string order;
    const FdHandler handler(loop.context(), ends.near(), "both",
                            {.read = [&] { order += 'r'; }, .write = [&] { order += 'w'; }});
    CHECK(loop.look());
    CHECK(order == "w");
    ends.put();
    order.clear();
    CHECK(loop.look());
    CHECK(order == "rw");
}

TEST_CASE("a read callback that removes its handler keeps the write callback from running", "[fd][F6.5][B-20]") {
    TestLoop loop(each_configuration());
    const Ends ends(Ends::Kind::socket);
    std::string order;
    std::optional<FdHandler> handler;
    const auto owned = std::make_shared<int>(5);
    int seen = 0;
    handler.emplace(loop.context(), ends.near(), "both",
                    FdCallbacks{.read =
                                    [&, mine = owned] {
                                        order += 'r';
                                        handler.reset();
                                        // What the callback owns outlives the removal until it returns.
                                        seen = *mine;
                                    },
                                .write = [&] { order += 'w'; }});
    ends.put();
    CHECK(loop.block());
    CHECK(order == "r");
    CHECK(seen == 5);
    CHECK_FALSE(loop.look());
    CHECK(owned.use_count() == 1);
}

TEST_CASE("a callback that removes another ready handler keeps that from being called", "[fd][F6.5][F6.7]") {
    TestLoop loop(each_configuration());
    const Ends first_ends;
    const Ends second_ends;
    int calls = 0;
    std::optional<FdHandler> first;
    std::optional<FdHandler> second;
    first.emplace(loop.context(), first_ends.near(), "first", FdCallbacks{.read = [&] {
                      ++calls;
                      second.reset();
                  }});
    second.emplace(loop.context(), second_ends.near(), "second", FdCallbacks{.read = [&] {
                       ++calls;
                       first.reset();
                   }});
    first_ends.put();
    second_ends.put();
    CHECK(loop.block());
    CHECK(calls == 1);
    CHECK(first.has_value() != second.has_value());
}

TEST_CASE("a hang-up calls read, for as long as it lasts", "[fd][F6.4][F6.5]") {
    TestLoop loop(each_configuration());
    Ends ends;
    int calls = 0;
    std::optional<FdHandler> handler;
    handler.emplace(loop.context(), ends.near(), "reader", FdCallbacks{.read = [&] { ++calls; }});
    CHECK_FALSE(loop.look());
    ends.close_far();
    CHECK(loop.block());
    CHECK(loop.block());
    CHECK(calls == 2);
    handler.reset();
    CHECK(sleeps_in_peace(loop));
}

TEST_CASE("an error calls read and write", "[fd][F6.4][F6.5]") {
    TestLoop loop(each_configuration());
    Ends ends;
    std::string order;
    const FdHandler handler(loop.context(), ends.far(), "writer",
                            {.read = [&] { order += 'r'; }, .write = [&] { order += 'w'; }});
    CHECK(loop.look());
    CHECK(order == "w");
    ends.close_near();
    order.clear();
    CHECK(loop.block());
    CHECK(order == "rw");
}

TEST_CASE("a context has one handler for a descriptor, and refuses those that are not open", "[fd][F6.1]") {
    TestLoop loop(each_configuration());
    Ends ends;
    const int fd = ends.near();
    std::optional<FdHandler> handler(std::in_place, loop.context(), fd, "first", FdCallbacks{.read = [] {}});
    CHECK(handler->fd() == fd);
    CHECK(error_of_handler(loop.context(), fd) == std::errc::file_exists);
    handler.reset();
    CHECK(error_of_handler(loop.context(), fd) == std::errc());
    ends.close_near();
    CHECK(error_of_handler(loop.context(), fd) == std::errc::bad_file_descriptor);
    CHECK(error_of_handler(loop.context(), -1) == std::errc::bad_file_descriptor);
    CHECK(FdHandler().fd() == -1);
}

TEST_CASE("two contexts may watch one descriptor, one to read and one to write", "[fd][F6.10]") {
    const Configuration cell = each_configuration();
    TestLoop reader(cell);
    TestLoop writer(cell);
    const Ends ends(Ends::Kind::socket);
    std::string order;
    const FdHandler reads(reader.context(), ends.near(), "reads", {.read = [&] { order += 'r'; }});
    const FdHandler writes(writer.context(), ends.near(), "writes", {.write = [&] { order += 'w'; }});
    ends.put();
    CHECK(reader.look());
    CHECK(writer.look());
    CHECK(order == "rw");
}
