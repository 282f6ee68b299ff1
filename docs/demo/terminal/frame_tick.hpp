// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <chrono>
#include <functional>
#include <memory>

namespace demo {

/// Stands in for a frame clock where there is no window: calls back 60 times a second from the default GMainContext,
/// at the priority at which GDK redraws. Frames that were missed are not made up for.
class FrameTick {
public:
    explicit FrameTick(std::function<void()> frame);
    ~FrameTick();
    FrameTick(const FrameTick&) = delete;
    FrameTick& operator=(const FrameTick&) = delete;

private:
    static gboolean dispatch(GSource* source, GSourceFunc callback, gpointer data);

    std::function<void()> frame_;
    std::chrono::nanoseconds next_;
    GSource* source_;
};

}  // namespace demo
