// SPDX-License-Identifier: MIT
#include "session.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>

namespace demo {

namespace {

nestling::ContextOptions context_options(const Options& options) {
    nestling::ContextOptions context;
    context.name = "nestling-demo";
    context.monitor = options.monitor;
    return context;
}

}  // namespace

Session::Session(Options options)
    : options_(std::move(options)),
      loop_(g_main_loop_new(nullptr, FALSE)),
      context_(std::make_shared<nestling::Context>(context_options(options_))),
      attachment_(nestling::glib::attach(context_, nestling::glib::Preset::gui_io)),
      interrupt_(*context_, [this](int signal) { interrupt(signal); }) {}

Session::~Session() = default;

int Session::run(View& view) {
    view_ = &view;
    view.begin();
    // Quitting a loop that does not run yet has no effect.
    if (!failed_) {
        g_main_loop_run(loop_.get());
    }
    if (failed_) {
        return exit_usage;
    }
    if (signal_ != 0) {
        return exit_by_signal + signal_;
    }
    return last_ && last_->progress.errors > 0 ? exit_some_unreadable : exit_done;
}

void Session::start() {
    if (options_.runs == Runs::one) {
        start(options_.mode);
        return;
    }
    next_ = options_.mode;
    start(other_mode(options_.mode));
}

void Session::start(Mode mode) {
    // The old run goes first: two would share the processors, and measure each other.
    run_.reset();
    RunObserver& observer = *this;
    try {
        run_ = std::make_unique<Run>(*context_, options_, mode, frames_, observer);
    } catch (const std::exception& error) {
        fail(error.what());
        return;
    }
    run_is_going_on_ = true;
    view_->started(*run_);
    run_->start();
}

void Session::close() {
    interrupt(SIGINT);
}

void Session::fail(const std::string& why) {
    failed_ = true;
    std::fprintf(stderr, "nestling-demo: %s\n", why.c_str());
    quit();
}

void Session::interrupt(int signal) {
    if (!run_is_going_on_) {
        signal_ = last_ ? signal_ : signal;
        quit();
        return;
    }
    closing_ = true;
    // A job that has ended and is only waiting for the last measurement is complete.
    signal_ = run_->finder().is_finished() ? signal_ : signal;
    run_->interrupt();
}

void Session::on_problem(const Problem& problem) {
    view_->problem(problem);
}

void Session::on_walk_finished() {
    view_->walk_finished(*run_);
}

void Session::on_finished(RunReport report) {
    run_is_going_on_ = false;
    if (!report.interrupted) {
        complete_[static_cast<std::size_t>(report.mode)] = report;
    }
    last_ = std::move(report);
    view_->finished(*last_);
    if (closing_ || (!next_ && !view_->stays_open())) {
        quit();
    } else if (next_) {
        start(*std::exchange(next_, std::nullopt));
    }
}

const RunReport* Session::other() const {
    if (!last_) {
        return nullptr;
    }
    const auto& other = complete_[static_cast<std::size_t>(other_mode(last_->mode))];
    return other ? &*other : nullptr;
}

}  // namespace demo
