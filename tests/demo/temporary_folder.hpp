// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace demo::testing {

/// A folder that is removed with everything in it.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::string path(const std::string& name) const { return path_ + '/' + name; }
    /// Creates or replaces a file; returns its path.
    std::string write(const std::string& name, const std::string& content) const;
    std::string mkdir(const std::string& name) const;
    std::string symlink(const std::string& name, const std::string& target) const;

private:
    std::string path_;
};

}  // namespace demo::testing
