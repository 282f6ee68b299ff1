// SPDX-License-Identifier: MIT
#include "finder/walker.hpp"

#include <fcntl.h>
#include <cerrno>
#include <cstring>
#include <utility>

#include "finder/open_path.hpp"

namespace demo {

namespace {

std::string join(const std::string& folder, const char* name) {
    return !folder.empty() && folder.back() == '/' ? folder + name : folder + '/' + name;
}

std::string identity(const struct stat& status) {
    return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

bool is_inside(const std::string& path, const std::string& folder) {
    return path.size() > folder.size() && path.compare(0, folder.size(), folder) == 0 &&
           (folder.back() == '/' || path[folder.size()] == '/');
}

Problem error(std::string path, const char* what, int number) {
    return {Problem::Kind::error, std::move(path), std::string(what) + ": " + std::strerror(number)};
}

Problem note(std::string path, std::string text) {
    return {Problem::Kind::note, std::move(path), std::move(text)};
}

}  // namespace

Walker::Walker(std::vector<std::string> roots, Links links) : links_(links) {
    // Taken from the back, so that the first folder comes first.
    for (std::size_t i = roots.size(); i > 0; --i) {
        pending_.push_back({std::move(roots[i - 1]), Links::follow});
    }
}

WalkBatch Walker::next() {
    WalkBatch batch;
    if (!folder_ && !pending_.empty()) {
        const Pending pending = std::move(pending_.back());
        pending_.pop_back();
        enter(pending, batch);
    }
    std::size_t entries = 0;
    while (folder_ && entries < batch_files) {
        errno = 0;
        const dirent* entry = ::readdir(folder_.get());
        if (entry == nullptr) {
            if (errno != 0) {
                batch.problems.push_back(error(folder_path_, "cannot read the rest of the folder", errno));
            }
            folder_.reset();
        } else if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0) {
            read_entry(*entry, batch);
            ++entries;
        }
    }
    batch.last = !folder_ && pending_.empty();
    return batch;
}

void Walker::enter(const Pending& pending, WalkBatch& batch) {
    const int no_follow = pending.links == Links::keep ? O_NOFOLLOW : 0;
    UniqueFd fd = open_path(pending.path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY | no_follow);
    struct stat status {};
    if (!fd || ::fstat(fd.get(), &status) != 0) {
        batch.problems.push_back(error(pending.path, "cannot open the folder", errno));
        return;
    }
    const auto [seen, is_new] = entered_.emplace(identity(status), pending.path);
    if (!is_new) {
        const bool loop = is_inside(pending.path, seen->second);
        batch.problems.push_back(note(pending.path, loop ? "leads back to " + seen->second + ": a loop, not followed"
                                                         : "is " + seen->second + ", which is walked already"));
        return;
    }
    folder_.reset(::fdopendir(fd.get()));
    if (!folder_) {
        batch.problems.push_back(error(pending.path, "cannot open the folder", errno));
        return;
    }
    // The DIR owns it now.
    static_cast<void>(fd.release());
    folder_path_ = pending.path;
    ++batch.folders;
}

void Walker::read_entry(const dirent& entry, WalkBatch& batch) {
    std::string path = join(folder_path_, entry.d_name);
    if (entry.d_type == DT_DIR) {
        pending_.push_back({std::move(path), Links::keep});
        return;
    }
    if (entry.d_type == DT_LNK) {
        take_link(std::move(path), entry.d_name, batch);
        return;
    }
    struct stat status {};
    if (::fstatat(::dirfd(folder_.get()), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        batch.problems.push_back(error(std::move(path), "cannot look at it", errno));
    } else if (S_ISLNK(status.st_mode)) {
        take_link(std::move(path), entry.d_name, batch);
    } else {
        take(std::move(path), status, Links::keep, batch);
    }
}

void Walker::take(std::string path, const struct stat& status, Links links, WalkBatch& batch) {
    if (S_ISREG(status.st_mode)) {
        FoundFile file;
        file.path = std::move(path);
        file.device = status.st_dev;
        file.inode = status.st_ino;
        file.size = static_cast<std::uint64_t>(status.st_size);
        file.modified = std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec);
        file.links = links;
        batch.files.push_back(std::move(file));
    } else if (S_ISDIR(status.st_mode)) {
        pending_.push_back({std::move(path), links});
    } else if (S_ISFIFO(status.st_mode)) {
        ++batch.skipped.fifos;
    } else if (S_ISSOCK(status.st_mode)) {
        ++batch.skipped.sockets;
    } else {
        ++batch.skipped.devices;
    }
}

void Walker::take_link(std::string path, const char* name, WalkBatch& batch) {
    struct stat status {};
    if (links_ == Links::keep) {
        ++batch.skipped.links;
    } else if (::fstatat(::dirfd(folder_.get()), name, &status, 0) == 0) {
        take(std::move(path), status, Links::follow, batch);
    } else if (errno == ENOENT) {
        ++batch.skipped.links;
        batch.problems.push_back(note(std::move(path), "a link that leads nowhere"));
    } else if (errno == ELOOP) {
        ++batch.skipped.links;
        batch.problems.push_back(note(std::move(path), "a link that leads back to itself: a loop, not followed"));
    } else {
        batch.problems.push_back(error(std::move(path), "cannot follow the link", errno));
    }
}

}  // namespace demo
