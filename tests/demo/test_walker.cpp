// SPDX-License-Identifier: MIT
#include "finder/walker.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/testing.hpp"
#include "temporary_folder.hpp"

using namespace demo;
using demo::testing::TemporaryFolder;

namespace {

struct Walk {
    Walk(const TemporaryFolder& folder, Links links) : Walk(Walker({folder.path()}, links)) {}

    explicit Walk(Walker walker) {
        for (bool last = false; !last; ++batches) {
            WalkBatch batch = walker.next();
            last = batch.last;
            for (const FoundFile& file : batch.files) {
                files.push_back(file.path);
            }
            problems.insert(problems.end(), batch.problems.begin(), batch.problems.end());
            skipped += batch.skipped;
            folders += batch.folders;
            largest_batch = std::max(largest_batch, batch.files.size());
        }
        std::sort(files.begin(), files.end());
    }

    std::vector<std::string> files;
    std::vector<Problem> problems;
    Skipped skipped;
    std::uint64_t folders = 0;
    std::size_t batches = 0;
    std::size_t largest_batch = 0;
};

}  // namespace

TEST_CASE("every regular file is found, in batches of a limited size", "[demo]") {
    const TemporaryFolder folder;
    std::vector<std::string> expected;
    for (int i = 0; i < 300; ++i) {
        expected.push_back(folder.write("file" + std::to_string(i), ""));
    }
    folder.mkdir("empty/inner");
    expected.push_back(folder.write("empty/inner/last", ""));
    std::sort(expected.begin(), expected.end());
    const Walk walk(folder, Links::keep);
    CHECK(walk.files == expected);
    CHECK(walk.folders == 3);
    CHECK(walk.largest_batch <= Walker::batch_files);
    CHECK(walk.problems.empty());
}

TEST_CASE("a link is counted, or followed and found under its own name", "[demo]") {
    const TemporaryFolder folder;
    const std::string real = folder.write("real", "");
    const std::string link = folder.symlink("link", "real");
    const Walk kept(folder, Links::keep);
    CHECK(kept.files == std::vector<std::string>{real});
    CHECK(kept.skipped.links == 1);
    const Walk followed(folder, Links::follow);
    CHECK(followed.files == std::vector<std::string>{link, real});
    CHECK(followed.skipped.links == 0);
}

TEST_CASE("a loop of links ends where it closes, with a note", "[demo]") {
    const TemporaryFolder folder;
    folder.mkdir("a/b");
    const std::string file = folder.write("a/b/file", "");
    const std::string loop = folder.symlink("a/b/loop", "../..");
    const Walk walk(folder, Links::follow);
    CHECK(walk.files == std::vector<std::string>{file});
    REQUIRE(walk.problems.size() == 1);
    CHECK(walk.problems[0].kind == Problem::Kind::note);
    CHECK(walk.problems[0].path == loop);
    CHECK(walk.problems[0].text == "leads back to " + folder.path() + ": a loop, not followed");
}

TEST_CASE("a folder that two ways lead to is walked once, with a note", "[demo]") {
    const TemporaryFolder folder;
    folder.mkdir("a");
    folder.write("a/file", "");
    folder.symlink("b", "a");
    const Walk walk(folder, Links::follow);
    CHECK(walk.files.size() == 1);
    REQUIRE(walk.problems.size() == 1);
    CHECK(walk.problems[0].kind == Problem::Kind::note);
    CHECK(walk.problems[0].text.find("walked already") != std::string::npos);
}

TEST_CASE("a folder that has gone is an error, and the walk goes on", "[demo]") {
    const TemporaryFolder folder;
    const std::string file = folder.write("file", "");
    const Walk walk(Walker({folder.path("gone"), folder.path()}, Links::keep));
    CHECK(walk.files == std::vector<std::string>{file});
    REQUIRE(walk.problems.size() == 1);
    CHECK(walk.problems[0].kind == Problem::Kind::error);
    CHECK(walk.problems[0].path == folder.path("gone"));
}

TEST_CASE("a folder that becomes a link while it waits is not followed", "[demo]") {
    const TemporaryFolder folder;
    const TemporaryFolder outside;
    outside.write("secret", "");
    folder.mkdir("inner");
    Walker walker({folder.path()}, Links::keep);
    const WalkBatch first = walker.next();
    CHECK_FALSE(first.last);
    REQUIRE(::rename(folder.path("inner").c_str(), folder.path("moved").c_str()) == 0);
    folder.symlink("inner", outside.path());
    const WalkBatch second = walker.next();
    CHECK(second.files.empty());
    REQUIRE(second.problems.size() == 1);
    CHECK(second.problems[0].kind == Problem::Kind::error);
    CHECK(second.last);
}
