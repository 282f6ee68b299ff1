// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <algorithm>
#include <vector>

#include "lab_core.hpp"

namespace nestling::lab {

/// Drives the phases of the lab's GMainContext. An iteration inside a dispatch has another one of these.
class Iteration {
public:
    explicit Iteration(LabCore& core) noexcept : core_(core) {}

    bool prepare();
    void query();
    int poll(LabCore::Idle idle);
    bool check();
    void dispatch();
    const Step& whole(LabCore::Idle idle);
    /// Between prepare and dispatch.
    [[nodiscard]] bool is_open() const noexcept { return is_open_; }

private:
    LabCore& core_;
    gint priority_ = 0;
    gint timeout_ = 0;
    std::vector<GPollFD> fds_;
    guint count_ = 0;
    bool is_open_ = false;
};

/// No poll goes on after `end`, as long as this lives.
class Horizon {
public:
    Horizon(LabCore& core, std::int64_t end) noexcept : core_(core), before_(core.horizon()) {
        core.set_horizon(before_ >= 0 && before_ < end ? before_ : end);
    }
    Horizon(const Horizon&) = delete;
    Horizon& operator=(const Horizon&) = delete;
    ~Horizon() { core_.set_horizon(before_); }

private:
    LabCore& core_;
    std::int64_t before_;
};

}  // namespace nestling::lab
