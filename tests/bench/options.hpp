// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bench/chunks.hpp"

namespace bench {

struct Options {
    enum class Task : char { measure, list, help, run_one };

    Task task = Task::measure;
    bool quick = false;
    int rounds = 0;  ///< 0: as many as are usual
    std::vector<std::string> only;
    std::vector<std::string> peers;
    std::string json_file;
    std::string csv_file;
    std::string one_measure;  ///< for Task::run_one, which only this program uses, for a part of its work
    std::string one_peer;

    [[nodiscard]] int used_rounds() const;
    [[nodiscard]] Effort effort() const;
    [[nodiscard]] bool wants_measure(std::string_view id) const;
    [[nodiscard]] bool wants_peer(std::string_view name) const;
};

/// Throws std::invalid_argument with a text for people.
Options parse_options(int count, char** words);
extern const char* const usage_text;

}  // namespace bench
