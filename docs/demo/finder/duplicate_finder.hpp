// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "delivery/delivery.hpp"
#include "finder/duplicates.hpp"

namespace demo {

/// Who is told what the finder learns. Calls come from within the finder's own: do not destroy it there.
class FinderObserver {
public:
    virtual ~FinderObserver() = default;
    virtual void on_problem(const Problem& problem) = 0;
    virtual void on_walk_finished() = 0;
    virtual void on_finished() = 0;
};

struct FinderOptions {
    std::vector<std::string> roots;
    Links links = Links::keep;
    std::uint64_t min_size = 0;
};

/// Finds files of equal content. Home thread; knows nothing of loops, windows and threads: those are the delivery's.
///
/// A file is read only when another one has its size, and read to the end only when another one has its size and its
/// first bytes. What waits for a thread stands in a backlog, which each completion hands on as far as the delivery
/// takes it.
class DuplicateFinder final : public Receiver {
public:
    DuplicateFinder(Delivery& delivery, FinderOptions options, FinderObserver& observer);

    void start();
    /// Tells the observer at once; what is on its way is not waited for. Does nothing when it has finished.
    void interrupt();

    [[nodiscard]] const Progress& progress() const noexcept { return progress_; }
    [[nodiscard]] bool is_finished() const noexcept { return finished_; }
    [[nodiscard]] bool was_interrupted() const noexcept { return interrupted_; }

    /// In the order in which they were found; a group never goes away, it only grows.
    [[nodiscard]] const std::vector<Group>& groups() const noexcept { return groups_; }
    [[nodiscard]] const Copy& copy(std::size_t index) const noexcept { return copies_[index]; }

    void on_batch(WalkBatch batch) override;
    void on_hashed(HashResult result) override;

private:
    /// Files that are equal as far as is known: nothing is done about the first until there is a second.
    struct Class {
        std::optional<std::size_t> first;
        std::optional<std::size_t> group;
        std::size_t members = 0;
    };
    using ClassKey = std::pair<std::uint64_t, Digest>;

    void found(FoundFile file);
    void try_name(std::size_t index, std::size_t name, Links links);
    void join_size(std::size_t copy);
    void join_prefix(std::size_t copy, const Digest& digest);
    void join_group(std::size_t copy, const Digest& digest);
    void compare(std::size_t copy, Stage stage);
    void failed(const HashResult& result);
    void report(Problem problem);
    void pump();
    void finish_if_done();

    Delivery& delivery_;
    const FinderOptions options_;
    FinderObserver& observer_;
    Progress progress_;
    bool finished_ = false;
    bool interrupted_ = false;

    std::deque<Copy> copies_;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> copy_by_inode_;
    std::unordered_map<std::uint64_t, Class> sizes_;
    std::map<ClassKey, Class> prefixes_;
    std::map<ClassKey, Class> contents_;
    std::vector<Group> groups_;
    std::deque<HashRequest> backlog_;
    std::uint64_t in_flight_ = 0;
};

}  // namespace demo
