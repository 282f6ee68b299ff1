// SPDX-License-Identifier: MIT
#include "options.hpp"

#include <getopt.h>
#include <glib.h>
#include <nestling/version.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <system_error>

#include "help.hpp"

namespace demo {

namespace {

enum Option : int { mode = 256, both, threads, min_size, monitor, follow, terminal, json, record, help, version };

constexpr option long_options[] = {
    {"both", no_argument, nullptr, both},
    {"mode", required_argument, nullptr, mode},
    {"threads", required_argument, nullptr, threads},
    {"min-size", required_argument, nullptr, min_size},
    {"monitor", required_argument, nullptr, monitor},
    {"follow", no_argument, nullptr, follow},
    {"terminal", no_argument, nullptr, terminal},
    {"json", no_argument, nullptr, json},
    {"record", required_argument, nullptr, record},
    {"help", no_argument, nullptr, help},
    {"version", no_argument, nullptr, version},
    {nullptr, 0, nullptr, 0},
};

template <class Number>
bool read_number(const char* text, Number least, Number& number) {
    const char* end = text + std::string_view(text).size();
    const auto [stop, error] = std::from_chars(text, end, number);
    return error == std::errc() && stop == end && stop != text && number >= least;
}

bool read_mode(std::string_view text, Mode& mode) {
    mode = text == "glib" ? Mode::glib : Mode::nestling;
    return text == "glib" || text == "nestling";
}

bool read_monitor(std::string_view text, nestling::MonitorKind& kind) {
    using nestling::MonitorKind;
    kind = text == "epoll"      ? MonitorKind::epoll
           : text == "poll"     ? MonitorKind::poll
           : text == "io_uring" ? MonitorKind::io_uring
                                : MonitorKind::automatic;
    return kind != MonitorKind::automatic || text == "automatic";
}

/// False when the value makes no sense for the option.
bool take(int option, Options& options) {
    switch (option) {
        case mode:
            return read_mode(optarg, options.mode);
        case both:
            options.runs = Runs::both_modes;
            return true;
        case threads:
            return read_number<std::size_t>(optarg, 1, options.threads) && options.threads <= 256;
        case min_size:
            return read_number<std::uint64_t>(optarg, 0, options.min_size);
        case monitor:
            return read_monitor(optarg, options.monitor);
        case follow:
            options.links = Links::follow;
            return true;
        case terminal:
            options.interface = Interface::terminal;
            return true;
        case json:
            options.output = Output::json;
            return true;
        default:
            options.record = optarg;
            return !options.record.empty();
    }
}

Parsed complain(std::string text) {
    return {std::nullopt, {}, std::move(text) + "\nTry --help.\n"};
}

}  // namespace

Parsed parse_options(int argc, char** argv) {
    Options options;
    options.threads = std::clamp<std::size_t>(g_get_num_processors(), 1, 16);
    opterr = 0;
    for (;;) {
        const int index = optind;
        const int option = ::getopt_long(argc, argv, "h", long_options, nullptr);
        if (option == -1) {
            break;
        }
        if (option == help || option == 'h') {
            return {std::nullopt, help_text, {}};
        }
        if (option == version) {
            return {std::nullopt, "nestling-demo " NESTLING_VERSION "\n", {}};
        }
        if (option == '?') {
            return complain(std::string("not an option, or without its value: ") + argv[std::min(index, argc - 1)]);
        }
        if (!take(option, options)) {
            const auto* entry = std::find_if(std::begin(long_options), std::end(long_options),
                                             [option](const auto& each) { return each.val == option; });
            return complain(std::string("--") + entry->name + " cannot be \"" + optarg + "\"");
        }
    }
    options.roots.assign(argv + optind, argv + argc);
    if (options.roots.empty()) {
        return complain("which folder?");
    }
    if (!options.record.empty() && options.interface == Interface::terminal) {
        return complain("--record takes a picture of the window, which --terminal does without");
    }
    return {std::move(options), {}, {}};
}

}  // namespace demo
