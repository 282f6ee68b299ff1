// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>

#include <exception>
#include <string>
#include <utility>

#include "os/log.hpp"

namespace nestling::loop {

/// Tells the user of a context what happened, through the hooks of its options.
class Reporter {
public:
    Reporter(std::string name, std::function<void(const Report&)> on_report,
             std::function<void(std::exception_ptr, const char*)> on_exception)
        : name_(std::move(name)), on_report_(std::move(on_report)), on_exception_(std::move(on_exception)) {}

    [[nodiscard]] const std::string& context_name() const noexcept { return name_; }

    /// Any thread, with no lock held.
    void report(Report::Kind kind, const char* handle, int fd, std::string text) const {
        if (on_report_) {
            on_report_(Report{kind, name_, handle, fd, std::move(text)});
            return;
        }
        os::log_line("context \"" + name_ + "\", handle \"" + handle + "\": " + text);
    }

    /// Home thread, inside the handler of the exception.
    void exception(const char* handle) const noexcept {
        if (on_exception_) {
            on_exception_(std::current_exception(), handle);
            return;
        }
        std::string what = "an exception of unknown type";
        try {
            throw;
        } catch (const std::exception& error) {
            what = error.what();
        } catch (...) {
            // The default text says it.
        }
        os::log_line("context \"" + name_ + "\": callback of \"" + handle + "\" threw: " + what);
        std::terminate();
    }

    [[noreturn]] void die(const char* handle, std::string_view what) const noexcept { os::die(name_, handle, what); }

private:
    std::string name_;
    std::function<void(const Report&)> on_report_;
    std::function<void(std::exception_ptr, const char*)> on_exception_;
};

}  // namespace nestling::loop
