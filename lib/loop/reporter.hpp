// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/context.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "os/log.hpp"

namespace nestling::loop {

/// Tells the user of a context what happened, through the hooks of its options.
class Reporter {
public:
    Reporter(std::string name, std::function<void(const Report&)> on_report,
             std::function<void(std::exception_ptr, const char*)> on_exception)
        : name_(std::move(name)),
          hooks_(on_report || on_exception ? new Hooks{std::move(on_report), std::move(on_exception)} : nullptr) {}

    [[nodiscard]] const std::string& context_name() const noexcept { return name_; }

    /// Any thread, with no lock held.
    void report(Report::Kind kind, const char* handle, int fd, std::string text) const {
        if (hooks_ != nullptr && hooks_->on_report) {
            hooks_->on_report(Report{kind, name_, handle, fd, std::move(text)});
            return;
        }
        os::log_line("context \"" + name_ + "\", handle \"" + handle + "\": " + text);
    }

    /// Home thread, inside the handler of the exception.
    void exception(const char* handle) const noexcept {
        if (hooks_ != nullptr && hooks_->on_exception) {
            hooks_->on_exception(std::current_exception(), handle);
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
    struct Hooks {
        std::function<void(const Report&)> on_report;
        std::function<void(std::exception_ptr, const char*)> on_exception;
    };

    std::string name_;
    /// Null if there are none.
    std::unique_ptr<const Hooks> hooks_;
};

}  // namespace nestling::loop
