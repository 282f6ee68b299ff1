// SPDX-License-Identifier: MIT
#include "finder/duplicate_finder.hpp"

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scripted_delivery.hpp"
#include "support/testing.hpp"

using namespace demo;
using demo::testing::ScriptedDelivery;
using Last = ScriptedDelivery::Last;

namespace {

struct Observed final : FinderObserver {
    void on_problem(const Problem& problem) override { problems.push_back(problem.path + ": " + problem.text); }
    void on_walk_finished() override { ++walks_finished; }
    void on_finished() override { ++finished; }

    std::vector<std::string> problems;
    int walks_finished = 0;
    int finished = 0;
};

struct Scene {
    explicit Scene(std::size_t queue_limit) : delivery(queue_limit), finder(delivery, {}, observed) { finder.start(); }

    std::set<std::set<std::string>> groups() const {
        std::set<std::set<std::string>> found;
        for (const Group& group : finder.groups()) {
            std::set<std::string> names;
            for (const std::size_t copy : group.copies) {
                names.insert(finder.copy(copy).names.begin(), finder.copy(copy).names.end());
            }
            found.insert(names);
        }
        return found;
    }

    void complete_all() {
        delivery.complete_all([](std::size_t) { return std::size_t{0}; });
    }

    Observed observed;
    ScriptedDelivery delivery;
    DuplicateFinder finder;
};

using Groups = std::set<std::set<std::string>>;

}  // namespace

TEST_CASE("a file is read only when another one has its size", "[demo]") {
    Scene scene(10);
    scene.delivery.deliver_batch({scene.delivery.file("a", "1"), scene.delivery.file("b", "22")}, Last::no);
    CHECK(scene.delivery.queue().empty());
    scene.delivery.deliver_batch({scene.delivery.file("c", "1")}, Last::yes);
    CHECK(scene.delivery.queue().size() == 2);
    CHECK(scene.observed.finished == 0);
    scene.complete_all();
    CHECK(scene.groups() == Groups{{"a", "c"}});
    CHECK(scene.observed.finished == 1);
}

TEST_CASE("a large file is read to its end only when another one has its beginning", "[demo]") {
    Scene scene(10);
    const std::string rest(prefix_from_size, '.');
    scene.delivery.deliver_batch(
        {scene.delivery.file("a", "same" + rest + "1"), scene.delivery.file("b", "same" + rest + "1"),
         scene.delivery.file("c", "same" + rest + "2"), scene.delivery.file("d", "diff" + rest + "1")},
        Last::yes);
    std::size_t full = 0;
    scene.delivery.complete_all([&](std::size_t) {
        full += scene.delivery.queue().front().stage == Stage::full ? 1 : 0;
        return std::size_t{0};
    });
    CHECK(full == 3);
    CHECK(scene.groups() == Groups{{"a", "b"}});
    CHECK(scene.finder.progress().jobs == 7);
    CHECK(scene.finder.progress().jobs_done == 7);
}

TEST_CASE("a full queue loses nothing, and is refilled by each completion", "[demo]") {
    Scene scene(2);
    std::vector<FoundFile> files;
    for (int i = 0; i < 50; ++i) {
        files.push_back(scene.delivery.file("file" + std::to_string(i), i % 2 == 0 ? "even" : "odd."));
    }
    scene.delivery.deliver_batch(std::move(files), Last::yes);
    CHECK(scene.delivery.queue().size() == 2);
    CHECK(scene.finder.progress().refused == 1);
    scene.complete_all();
    CHECK(scene.delivery.most_queued() == 2);
    CHECK(scene.finder.progress().jobs_done == 50);
    REQUIRE(scene.finder.groups().size() == 2);
    CHECK(scene.finder.groups()[0].copies.size() == 25);
    CHECK(scene.finder.groups()[1].copies.size() == 25);
    CHECK(scene.observed.finished == 1);
}

TEST_CASE("the order of completions does not change the groups", "[demo]") {
    const auto seed = GENERATE(range(0U, 40U));
    std::mt19937 chance(seed);
    Scene scene(1 + seed % 7);
    const std::string rest(prefix_from_size, '.');
    Groups expected;
    for (int batch = 0; batch < 6; ++batch) {
        std::vector<FoundFile> files;
        for (const char* content : {"1", "2", "1", "large1", "large2"}) {
            const std::string name = std::to_string(batch) + "-" + std::to_string(files.size());
            const bool large = content[0] == 'l';
            files.push_back(scene.delivery.file(name, large ? rest + content : content));
        }
        scene.delivery.deliver_batch(std::move(files), batch == 5 ? Last::yes : Last::no);
        for (unsigned i = 0; i < chance() % 4 && !scene.delivery.queue().empty(); ++i) {
            scene.delivery.complete(chance() % scene.delivery.queue().size());
        }
    }
    scene.delivery.complete_all([&](std::size_t length) { return chance() % length; });
    std::set<std::string> ones, twos, large_ones, large_twos;
    for (int batch = 0; batch < 6; ++batch) {
        const std::string prefix = std::to_string(batch) + "-";
        ones.insert({prefix + "0", prefix + "2"});
        twos.insert(prefix + "1");
        large_ones.insert(prefix + "3");
        large_twos.insert(prefix + "4");
    }
    CHECK(scene.groups() == Groups{ones, twos, large_ones, large_twos});
    CHECK(scene.observed.finished == 1);
}

TEST_CASE("the names of one file are one copy, which is read once", "[demo]") {
    Scene scene(10);
    auto first = scene.delivery.file("a", "same");
    auto second = scene.delivery.link("also a");
    scene.delivery.deliver_batch({first, second}, Last::no);
    CHECK(scene.delivery.queue().empty());
    scene.delivery.deliver_batch({scene.delivery.file("b", "same")}, Last::no);
    CHECK(scene.delivery.queue().size() == 2);
    scene.complete_all();
    // Also a name that turns up when the file is in a group.
    scene.delivery.deliver_batch({scene.delivery.link("also b")}, Last::yes);
    CHECK(scene.groups() == Groups{{"a", "also a", "b", "also b"}});
    CHECK(scene.finder.groups()[0].copies.size() == 2);
    CHECK(scene.finder.progress().wasted == 4);
}

TEST_CASE("a file that fails under one name is read under the next", "[demo]") {
    const bool large = GENERATE(false, true);
    const bool known_before = GENERATE(false, true);
    CAPTURE(large, known_before);
    Scene scene(10);
    const std::string content = large ? std::string(prefix_from_size, '.') : "same";
    const auto other = scene.delivery.file("other", content);
    const auto first = scene.delivery.file("gone", content);
    const auto second = scene.delivery.link("there");
    scene.delivery.contents.erase("gone");
    if (known_before) {
        scene.delivery.deliver_batch({other, first, second}, Last::yes);
        scene.complete_all();
    } else {
        scene.delivery.deliver_batch({other, first}, Last::no);
        scene.complete_all();
        CHECK(scene.observed.finished == 0);
        scene.delivery.deliver_batch({second}, Last::yes);
        scene.complete_all();
    }
    CHECK(scene.groups() == Groups{{"gone", "there", "other"}});
    CHECK(scene.observed.problems == std::vector<std::string>{"gone: is not in the script"});
    CHECK(scene.observed.finished == 1);
}

TEST_CASE("a file that cannot be read is reported once and the rest is compared", "[demo]") {
    Scene scene(10);
    const auto a = scene.delivery.file("a", "same");
    const auto bad = scene.delivery.file("bad", "same");
    scene.delivery.contents.erase("bad");
    scene.delivery.deliver_batch({a, bad, scene.delivery.file("b", "same")}, Last::yes);
    scene.complete_all();
    CHECK(scene.groups() == Groups{{"a", "b"}});
    CHECK(scene.observed.problems.size() == 1);
    CHECK(scene.finder.progress().errors == 1);
    CHECK(scene.observed.finished == 1);
}

TEST_CASE("an interrupted finder says so at once and ignores what still arrives", "[demo]") {
    Scene scene(2);
    scene.delivery.deliver_batch({scene.delivery.file("a", "1"), scene.delivery.file("b", "1"),
                                  scene.delivery.file("c", "1"), scene.delivery.file("d", "1")},
                                 Last::no);
    scene.delivery.complete(0);
    scene.delivery.complete(0);
    scene.finder.interrupt();
    CHECK(scene.observed.finished == 1);
    CHECK(scene.finder.was_interrupted());
    scene.complete_all();
    scene.delivery.deliver_batch({scene.delivery.file("e", "1")}, Last::yes);
    CHECK(scene.groups() == Groups{{"a", "b"}});
    CHECK(scene.finder.progress().files == 4);
    CHECK(scene.delivery.queue().empty());
    scene.finder.interrupt();
    CHECK(scene.observed.finished == 1);
}

TEST_CASE("a folder without files is finished with its walk", "[demo]") {
    Scene scene(1);
    CHECK(scene.observed.finished == 0);
    scene.delivery.deliver_batch({}, Last::yes);
    CHECK(scene.observed.finished == 1);
    CHECK(scene.observed.walks_finished == 1);
    CHECK(scene.finder.progress().share_done() == 1);
}
