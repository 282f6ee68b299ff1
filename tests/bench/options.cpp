// SPDX-License-Identifier: MIT
#include "bench/options.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace bench {

const char* const usage_text =
    "Usage: nestling-bench [--quick] [--rounds N] [--only WORD]... [--peers LIST] [--json FILE] [--csv FILE] [--list]\n"
    "\n"
    "Measures Nestling, its peers and the bare limit side by side, and prints tables in Markdown.\n"
    "  --quick       a few milliseconds for each: proves that it works, and says nothing about times\n"
    "  --rounds N    how often each peer has its turn (15; 2 with --quick)\n"
    "  --only WORD   only measures whose name contains WORD; may be repeated\n"
    "  --peers LIST  only these peers, separated by commas\n"
    "  --json FILE   everything that was measured, and the goals\n"
    "  --csv FILE    one line for each measure, peer and round\n"
    "  --list        show measures and peers, and measure nothing\n";

namespace {

int positive(const std::string& text) {
    char* end = nullptr;
    const long value = std::strtol(text.c_str(), &end, 10);
    if (text.empty() || *end != '\0' || value < 1 || value > 10000) {
        throw std::invalid_argument("--rounds wants a number from 1 to 10000, not '" + text + "'");
    }
    return static_cast<int>(value);
}

std::vector<std::string> split(const std::string& text) {
    std::vector<std::string> parts;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        parts.push_back(text.substr(start, comma - start));
        start = comma + 1;
    }
    return parts;
}

}  // namespace

int Options::used_rounds() const {
    return rounds > 0 ? rounds : (quick ? 2 : 15);
}

Effort Options::effort() const {
    constexpr std::size_t early_timers = 100'000;
    if (quick) {
        return {2'000'000, 50'000'000, 500};
    }
    return {20'000'000, 1'000'000'000, early_timers / static_cast<std::size_t>(used_rounds())};
}

bool Options::wants_measure(std::string_view id) const {
    return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& word) {
               return id.find(word) != std::string_view::npos;
           });
}

bool Options::wants_peer(std::string_view name) const {
    return peers.empty() || std::find(peers.begin(), peers.end(), name) != peers.end();
}

Options parse_options(int count, char** words) {
    Options options;
    for (int index = 1; index < count; ++index) {
        const std::string word = words[index];
        const auto value = [&] {
            if (index + 1 == count) {
                throw std::invalid_argument(word + " wants a value");
            }
            return std::string(words[++index]);
        };
        if (word == "--quick") {
            options.quick = true;
        } else if (word == "--rounds") {
            options.rounds = positive(value());
        } else if (word == "--only") {
            options.only.push_back(value());
        } else if (word == "--peers") {
            options.peers = split(value());
        } else if (word == "--json") {
            options.json_file = value();
        } else if (word == "--csv") {
            options.csv_file = value();
        } else if (word == "--list") {
            options.task = Options::Task::list;
        } else if (word == "--help" || word == "-h") {
            options.task = Options::Task::help;
        } else if (word == "--run-one") {
            options.task = Options::Task::run_one;
            options.one_measure = value();
            options.one_peer = value();
        } else {
            throw std::invalid_argument("no such option: " + word);
        }
    }
    return options;
}

}  // namespace bench
