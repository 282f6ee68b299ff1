// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "finder/found_file.hpp"
#include "finder/hasher.hpp"

namespace demo {

/// One file on the disk, with all its names: hard links, and with links followed also symbolic ones. However many names
/// it has, it takes its space once, so it is a duplicate only of other files.
struct Copy {
    std::shared_ptr<const FoundFile> file;
    std::vector<std::string> names;
    std::size_t tried = 0;      ///< the name by which it is read
    Stage stage = Stage::full;  ///< the last reading that was wanted
    bool unreadable = false;
    std::size_t group = no_group;

    static constexpr std::size_t no_group = static_cast<std::size_t>(-1);
};

/// Files of equal size and equal SHA-256.
struct Group {
    std::uint64_t size = 0;
    Digest digest{};
    std::vector<std::size_t> copies;
    std::uint64_t version = 0;  ///< changes whenever the group does

    [[nodiscard]] std::uint64_t wasted() const noexcept { return size * (copies.size() - 1); }
};

/// How far the job is. All counts only grow.
struct Progress {
    std::uint64_t folders = 0;
    std::uint64_t files = 0;      ///< names of regular files
    std::uint64_t bytes = 0;      ///< the sizes of those not left out, each file on the disk once
    std::uint64_t too_small = 0;  ///< names that were left out for their size
    Skipped skipped;
    bool walk_finished = false;

    std::uint64_t jobs = 0;  ///< readings that were found necessary
    std::uint64_t jobs_done = 0;
    std::uint64_t job_bytes = 0;  ///< the bytes they are expected to read
    std::uint64_t job_bytes_done = 0;
    std::uint64_t bytes_read = 0;  ///< the bytes they did read
    std::uint64_t refused = 0;     ///< how often the queue was full

    std::uint64_t groups = 0;
    std::uint64_t duplicates = 0;  ///< files on the disk that are in a group
    std::uint64_t wasted = 0;      ///< bytes that would be free if each group had one file
    std::uint64_t errors = 0;
    std::uint64_t notes = 0;

    /// 0 to 1, of the reading; 0 as long as the walk may find more to read.
    [[nodiscard]] double share_done() const noexcept;
};

}  // namespace demo
