// SPDX-License-Identifier: MIT
#pragma once

#include <gtk/gtk.h>

#include <string>

#include "run.hpp"

namespace demo {

/// How far the job is, in words and as a bar, and the last problem it met.
class ProgressLine {
public:
    ProgressLine();
    [[nodiscard]] GtkWidget* widget() const noexcept { return box_; }
    void start(Mode mode);
    /// Shown with the next update: there may be thousands.
    void problem(std::string text) { last_problem_ = std::move(text); }
    void update(const Run& run);

private:
    GtkWidget* box_;
    GtkWidget* status_;
    GtkWidget* problem_;
    GtkWidget* bar_;
    std::string last_problem_;
};

}  // namespace demo
