// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

namespace nestling::testing {

/// Catches what is logged through GLib, by any thread and under any domain, for as long as it lives.
class Logs {
public:
    Logs() : old_(g_log_set_default_handler(&Logs::take, this)) {}
    Logs(const Logs&) = delete;
    Logs& operator=(const Logs&) = delete;
    ~Logs() { g_log_set_default_handler(old_, nullptr); }

    /// How many lines of `domain` contain `text`.
    [[nodiscard]] std::size_t count(const std::string& domain, const std::string& text) const {
        const std::lock_guard lock(mutex_);
        return static_cast<std::size_t>(std::count_if(lines_.begin(), lines_.end(), [&](const Line& line) {
            return line.domain == domain && line.text.find(text) != std::string::npos;
        }));
    }
    [[nodiscard]] std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return lines_.size();
    }
    [[nodiscard]] std::string text() const {
        const std::lock_guard lock(mutex_);
        std::string all;
        for (const Line& line : lines_) {
            all += line.domain + ": " + line.text + "\n";
        }
        return all;
    }

private:
    struct Line {
        std::string domain;
        std::string text;
    };

    static void take(const gchar* domain, GLogLevelFlags, const gchar* text, gpointer self) {
        auto& logs = *static_cast<Logs*>(self);
        const std::lock_guard lock(logs.mutex_);
        logs.lines_.push_back({domain == nullptr ? "" : domain, text});
    }

    GLogFunc old_;
    mutable std::mutex mutex_;
    std::vector<Line> lines_;
};

}  // namespace nestling::testing
