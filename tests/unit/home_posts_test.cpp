// SPDX-License-Identifier: MIT
#include "loop/home_posts.hpp"

#include <memory>
#include <set>
#include <vector>

#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using loop::HomePosts;

/// More than a chunk has room for.
constexpr int many = 100;

void push(HomePosts& posts, Callback<void()> callback) {
    posts.make_room();
    REQUIRE(posts.has_room());
    posts.push("post", std::move(callback));
}

void run_next(HomePosts::Reader& reader) {
    HomePosts::Post& post = reader.next();
    post.callback();
    post.callback.reset();
}

}  // namespace

TEST_CASE("posts are read in the order in which they were pushed, from chunk to chunk") {
    HomePosts posts;
    std::vector<int> seen;
    std::vector<int> expected;
    for (int at = 0; at < many; ++at) {
        push(posts, [&seen, at] { seen.push_back(at); });
        expected.push_back(at);
    }
    HomePosts::Reader reader(posts);
    for (int at = 0; at < many; ++at) {
        run_next(reader);
    }
    CHECK(seen == expected);
}

TEST_CASE("a post stays where it is while others are pushed and read, until its reader goes on") {
    HomePosts posts;
    int runs = 0;
    const auto count = [&runs] { ++runs; };
    for (int at = 0; at < 2; ++at) {
        push(posts, count);
    }
    HomePosts::Reader outer(posts);
    HomePosts::Post& post = outer.next();
    std::set<const HomePosts::Post*> others;
    for (int round = 0; round < 3; ++round) {
        for (int at = 0; at < many; ++at) {
            push(posts, count);
        }
        HomePosts::Reader inner(posts);
        for (int at = 0; at < many; ++at) {
            HomePosts::Post& other = inner.next();
            others.insert(&other);
            other.callback();
            other.callback.reset();
        }
    }
    CHECK(others.count(&post) == 0);
    post.callback();
    post.callback.reset();
    CHECK(runs == 3 * many + 1);
    run_next(outer);
    CHECK(runs == 3 * many + 2);
}

TEST_CASE("chunks that have been read are used again") {
    HomePosts posts;
    std::set<const HomePosts::Post*> places;
    for (int round = 0; round < 50; ++round) {
        for (int at = 0; at < many; ++at) {
            push(posts, [] {});
        }
        HomePosts::Reader reader(posts);
        for (int at = 0; at < many; ++at) {
            HomePosts::Post& post = reader.next();
            places.insert(&post);
            post.callback.reset();
        }
    }
    CHECK(places.size() < 3 * many);
}

TEST_CASE("the only post can be taken out, and leaves its place to the next") {
    HomePosts posts;
    CHECK_FALSE(posts.has_only_one());
    int runs = 0;
    const auto count = [&runs] { ++runs; };
    int taken = 0;
    for (int round = 0; round < many; ++round) {
        push(posts, count);
        if (!posts.has_only_one()) {
            // The chunk was read to its end.
            HomePosts::Reader reader(posts);
            run_next(reader);
            continue;
        }
        ++taken;
        HomePosts::Post post = posts.take_only();
        CHECK_FALSE(posts.has_only_one());
        // Others may come while it runs.
        push(posts, count);
        push(posts, count);
        CHECK_FALSE(posts.has_only_one());
        post.callback();
        HomePosts::Reader reader(posts);
        run_next(reader);
        run_next(reader);
    }
    CHECK(taken > many / 2);
    CHECK(runs == many + 2 * taken);
}

TEST_CASE("posts that are taken out one by one stay in one place") {
    HomePosts posts;
    push(posts, [] {});
    for (int round = 0; round < many; ++round) {
        REQUIRE(posts.has_room());
        REQUIRE(posts.has_only_one());
        HomePosts::Post post = posts.take_only();
        post.callback();
        posts.push("post", [] {});
    }
}

TEST_CASE("posts that nobody reads are destroyed with the rest") {
    const auto owned = std::make_shared<int>();
    {
        HomePosts posts;
        for (int at = 0; at < many; ++at) {
            push(posts, [owned] {});
        }
        HomePosts::Reader reader(posts);
        for (int at = 0; at < many / 2; ++at) {
            reader.next().callback.reset();
        }
        CHECK(owned.use_count() == 1 + many / 2);
    }
    CHECK(owned.use_count() == 1);
}

}  // namespace nestling::testing
