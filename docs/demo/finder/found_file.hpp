// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace demo {

/// What to do with symbolic links below the folders that were asked for.
enum class Links : std::uint8_t { keep, follow };

/// A regular file as the walk saw it.
struct FoundFile {
    std::string path;
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::chrono::nanoseconds modified{0};
    Links links = Links::keep;  ///< whether `path` may end in a symbolic link
};

/// Something that people should read: an error lost a file, a note lost nothing.
struct Problem {
    enum class Kind : std::uint8_t { error, note };
    Kind kind = Kind::error;
    std::string path;
    std::string text;
};

/// What was found and is not a regular file.
struct Skipped {
    std::uint64_t links = 0;
    std::uint64_t fifos = 0;
    std::uint64_t sockets = 0;
    std::uint64_t devices = 0;

    Skipped& operator+=(const Skipped& other) noexcept {
        links += other.links;
        fifos += other.fifos;
        sockets += other.sockets;
        devices += other.devices;
        return *this;
    }
};

/// A part of a walk.
struct WalkBatch {
    std::vector<FoundFile> files;
    std::vector<Problem> problems;
    Skipped skipped;
    std::uint64_t folders = 0;
    bool last = false;
    std::chrono::nanoseconds ended{0};  ///< when the walk handed it over
};

}  // namespace demo
