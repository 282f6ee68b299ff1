// SPDX-License-Identifier: MIT
#include "temporary_folder.hpp"

#include <stdlib.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace demo::testing {

TemporaryFolder::TemporaryFolder() : path_((std::filesystem::temp_directory_path() / "nestling-demo-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) {
        throw std::runtime_error("no temporary folder");
    }
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& content) const {
    std::ofstream file(path(name), std::ios::binary | std::ios::trunc);
    file << content;
    if (!file.flush()) {
        throw std::runtime_error("cannot write " + path(name));
    }
    return path(name);
}

std::string TemporaryFolder::mkdir(const std::string& name) const {
    std::filesystem::create_directories(path(name));
    return path(name);
}

std::string TemporaryFolder::symlink(const std::string& name, const std::string& target) const {
    std::filesystem::create_symlink(target, path(name));
    return path(name);
}

}  // namespace demo::testing
