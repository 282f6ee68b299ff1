// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

#include "session.hpp"
#include "terminal/frame_tick.hpp"

namespace demo {

/// Progress and problems on stderr: a bar where that is a terminal, now and then a line where it is not.
class TerminalView final : public View {
public:
    explicit TerminalView(Session& session);

    void begin() override { session_.start(); }
    void started(const Run& run) override;
    void problem(const Problem& problem) override;
    void walk_finished(const Run& run) override;
    void finished(const RunReport& report) override;
    [[nodiscard]] bool stays_open() const override { return false; }

private:
    enum class Style : std::uint8_t { lines, ascii_bar, unicode_bar };

    static Style style_of_stderr();
    void frame();
    void draw_bar(const Run& run);
    void clear_bar();

    Session& session_;
    const Style style_;
    std::uint64_t frames_ = 0;
    bool bar_is_shown_ = false;
    FrameTick tick_;
};

}  // namespace demo
