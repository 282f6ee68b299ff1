// SPDX-License-Identifier: MIT
#pragma once

#include <dirent.h>
#include <sys/stat.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "finder/found_file.hpp"

namespace demo {

/// Walks folders, a batch at a time, on whichever thread asks for the next one.
///
/// Each folder is entered once, whatever the number of ways that lead to it: with links followed, a loop ends where it
/// closes. The folders that were asked for may be links themselves.
class Walker {
public:
    Walker(std::vector<std::string> roots, Links links);

    /// Reads on: at most one folder, or `batch_files` entries of it. After a batch marked `last` there is nothing left.
    WalkBatch next();

    static constexpr std::size_t batch_files = 128;

private:
    struct CloseFolder {
        void operator()(DIR* folder) const noexcept { ::closedir(folder); }
    };
    struct Pending {
        std::string path;
        Links links;
    };

    void enter(const Pending& pending, WalkBatch& batch);
    void read_entry(const dirent& entry, WalkBatch& batch);
    void take(std::string path, const struct stat& status, Links links, WalkBatch& batch);
    void take_link(std::string path, const char* name, WalkBatch& batch);

    Links links_;
    std::vector<Pending> pending_;
    std::unique_ptr<DIR, CloseFolder> folder_;
    std::string folder_path_;
    std::unordered_map<std::string, std::string> entered_;  ///< device and inode -> the path it was entered by
};

}  // namespace demo
