// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/delivery.hpp"
#include "finder/found_file.hpp"

namespace demo {

/// What the program returns.
enum ExitCode : int {
    exit_done = 0,
    exit_some_unreadable = 1,
    exit_usage = 2,
    exit_by_signal = 128,  ///< plus the number of the signal: 130 for Ctrl-C
};

enum class Interface : std::uint8_t { automatic, terminal };
/// Which runs there are before anybody asks for more.
enum class Runs : std::uint8_t { one, both_modes };
enum class Output : std::uint8_t { text, json };

struct Options {
    std::vector<std::string> roots;
    Mode mode = Mode::nestling;
    Runs runs = Runs::one;
    std::size_t threads = 1;
    std::uint64_t min_size = 0;
    Links links = Links::keep;
    nestling::MonitorKind monitor = nestling::MonitorKind::automatic;
    Interface interface = Interface::automatic;
    Output output = Output::text;
    std::string record;  ///< file for a picture of the window; empty: none
};

/// Either options, or what to say instead of running: to stdout for help, else to stderr.
struct Parsed {
    std::optional<Options> options;
    std::string answer;
    std::string complaint;
};

Parsed parse_options(int argc, char** argv);

}  // namespace demo
