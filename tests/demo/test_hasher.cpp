// SPDX-License-Identifier: MIT
#include "finder/hasher.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "finder/walker.hpp"
#include "support/testing.hpp"
#include "temporary_folder.hpp"

using namespace demo;
using demo::testing::TemporaryFolder;

namespace {

/// The only file in a folder, as a walk sees it.
std::shared_ptr<const FoundFile> walk(const TemporaryFolder& folder) {
    WalkBatch batch = Walker({folder.path()}, Links::keep).next();
    REQUIRE(batch.files.size() == 1);
    return std::make_shared<const FoundFile>(batch.files.front());
}

HashResult hash(std::shared_ptr<const FoundFile> file, Stage stage = Stage::full) {
    const StopFlag stop{false};
    return hash_file({std::move(file), 0, stage}, stop);
}

constexpr const char* digest_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

}  // namespace

TEST_CASE("the digest is SHA-256", "[demo]") {
    const TemporaryFolder folder;
    folder.write("file", "abc");
    const HashResult result = hash(walk(folder));
    CHECK(result.status == HashResult::Status::hashed);
    CHECK(to_hex(result.digest) == digest_of_abc);
    CHECK(result.bytes_read == 3);
}

TEST_CASE("a prefix is no more than a prefix", "[demo]") {
    const TemporaryFolder folder;
    folder.write("file", std::string(prefix_from_size, 'x') + 'a');
    const HashResult first = hash(walk(folder), Stage::prefix);
    CHECK(first.bytes_read == prefix_bytes);
    folder.write("file", std::string(prefix_from_size, 'x') + 'b');
    CHECK(hash(walk(folder), Stage::prefix).digest == first.digest);
    CHECK(hash(walk(folder), Stage::full).digest != first.digest);
}

TEST_CASE("a file that vanishes before it is read is a failure that says so", "[demo]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("file", "abc");
    const auto file = walk(folder);
    REQUIRE(::unlink(path.c_str()) == 0);
    const HashResult result = hash(file);
    CHECK(result.status == HashResult::Status::failed);
    CHECK(result.error == "vanished before it could be read");
}

TEST_CASE("a file that has changed since it was found is a failure that says so", "[demo]") {
    const TemporaryFolder folder;
    folder.write("file", "abc");
    const auto file = walk(folder);
    SECTION("it is longer") {
        folder.write("file", "abcd");
    }
    SECTION("it is shorter") {
        folder.write("file", "");
    }
    SECTION("it is as long, but newer") {
        const timespec times[2] = {{0, UTIME_OMIT}, {1, 0}};
        REQUIRE(::utimensat(AT_FDCWD, file->path.c_str(), times, 0) == 0);
    }
    SECTION("another one has taken its place") {
        const std::string other = folder.write("other", "abc");
        REQUIRE(::rename(other.c_str(), file->path.c_str()) == 0);
    }
    const HashResult result = hash(file);
    CHECK(result.status == HashResult::Status::failed);
    CHECK(result.error == "changed after it was found");
}

TEST_CASE("a fifo in the place of a file does not block", "[demo]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("file", "abc");
    const auto file = walk(folder);
    REQUIRE(::unlink(path.c_str()) == 0);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(hash(file).status == HashResult::Status::failed);
}

TEST_CASE("a link in the place of a file is not followed", "[demo]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("file", "abc");
    const auto file = walk(folder);
    REQUIRE(::rename(path.c_str(), folder.path("elsewhere").c_str()) == 0);
    folder.symlink("file", "elsewhere");
    const HashResult result = hash(file);
    CHECK(result.status == HashResult::Status::failed);
    CHECK(result.error == "was replaced by a symbolic link");
}

TEST_CASE("hashing stops when it is told to", "[demo]") {
    const TemporaryFolder folder;
    folder.write("file", std::string(1000, 'x'));
    const StopFlag stop{true};
    const HashResult result = hash_file({walk(folder), 7, Stage::full}, stop);
    CHECK(result.status == HashResult::Status::stopped);
    CHECK(result.bytes_read == 0);
    CHECK(result.request.copy == 7);
}
