// SPDX-License-Identifier: MIT
#include <fcntl.h>

#include <cerrno>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <string>

#include "finder/open_path.hpp"
#include "options.hpp"
#include "report/escape.hpp"
#include "report/json_report.hpp"
#include "report/text_report.hpp"
#include "session.hpp"
#include "terminal/terminal_view.hpp"
#include "window/window.hpp"

namespace demo {

namespace {

/// Every folder is looked at, so that all that is wrong with a command line is said at once.
bool can_open_all(const std::vector<std::string>& roots) {
    bool all = true;
    for (const std::string& root : roots) {
        if (!open_path(root, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY)) {
            std::fprintf(stderr, "nestling-demo: %s: %s\n", escape_path(root).c_str(), std::strerror(errno));
            all = false;
        }
    }
    return all;
}

bool print(const std::string& text) {
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

int run_session(Options options) {
    Session session(std::move(options));
    std::unique_ptr<View> view;
    if (session.options().interface == Interface::automatic) {
        view = make_window(session);
    }
    if (!view && !session.options().record.empty()) {
        std::fputs("nestling-demo: --record needs a window, and there is none: no display, or built without GTK\n",
                   stderr);
        return exit_usage;
    }
    if (!view) {
        view = std::make_unique<TerminalView>(session);
    }
    const int code = session.run(*view);
    view.reset();
    if (session.last()) {
        const auto report = session.options().output == Output::json ? json_report : text_report;
        if (!print(report(*session.last(), session.other()))) {
            std::fprintf(stderr, "nestling-demo: cannot write the result: %s\n", std::strerror(errno));
            return exit_usage;
        }
    }
    return code;
}

int run(int argc, char** argv) {
    Parsed parsed = parse_options(argc, argv);
    if (!parsed.options) {
        std::fputs(parsed.complaint.c_str(), stderr);
        return print(parsed.answer) && parsed.complaint.empty() ? exit_done : exit_usage;
    }
    return can_open_all(parsed.options->roots) ? run_session(std::move(*parsed.options)) : exit_usage;
}

}  // namespace

}  // namespace demo

int main(int argc, char** argv) {
    std::setlocale(LC_CTYPE, "");
    try {
        return demo::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "nestling-demo: %s\n", error.what());
        return demo::exit_usage;
    }
}
