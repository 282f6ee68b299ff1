// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

namespace nestling::lab {

/// Says so, and aborts, when somebody unrefs the lab's context without owning a reference: what comes after would be
/// anything at all.
class ContextGuard {
public:
    explicit ContextGuard(GMainContext* context);
    ContextGuard(const ContextGuard&) = delete;
    ContextGuard& operator=(const ContextGuard&) = delete;
    /// From here on the context may go.
    ~ContextGuard();
    /// Of the guard's source in the context.
    [[nodiscard]] guint id() const noexcept { return id_; }

private:
    GSource* source_;
    guint id_ = 0;
    bool may_go_ = false;
};

}  // namespace nestling::lab
