// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <chrono>
#include <cstdint>
#include <memory>

#include <nestling/context.hpp>
#include <nestling/io_thread.hpp>

namespace nestling::glib {

/// Where the context stands among the other sources of a GMainContext.
enum class Preset : std::uint8_t {
    daemon,      ///< priority 0, no budget: a program without a window
    gui_io,      ///< priority 130, just below GDK's redraw: I/O that must not cost frames
    gui_urgent,  ///< priority 0, at most 2 ms per dispatch: input-like I/O in a program with a window
    background,  ///< priority 200: what may wait until everything else is idle
};

/// Whether a nested main loop, run from one of the context's own callbacks, may dispatch the context again.
enum class Reentry : std::uint8_t { allow, refuse };

struct NESTLING_API SourceOptions {
    int priority = G_PRIORITY_DEFAULT;
    /// How long one dispatch may take before it lets other sources run; 0: no limit. The callback that exceeds it is
    /// not interrupted; what is left runs in the next iteration.
    std::chrono::nanoseconds budget{0};
    Reentry reentry = Reentry::allow;

    SourceOptions() = default;
    SourceOptions(Preset preset);
};

struct SourceUnref {
    void operator()(GSource* source) const noexcept { g_source_unref(source); }
};
/// A reference to a GSource.
using SourcePtr = std::unique_ptr<GSource, SourceUnref>;

/// Any thread. A new, unattached source that runs `context`. It holds a reference to the context. The thread that
/// iterates the GMainContext it is attached to must be the context's home thread; on another thread the source logs a
/// critical once and does nothing. Throws std::system_error EBUSY when the context is nested in a loop already.
NESTLING_API SourcePtr make_source(std::shared_ptr<Context> context, const SourceOptions& options = {});

/// A source attached to a GMainContext; destroys it at the end of its life.
class NESTLING_API Attachment {
public:
    Attachment() noexcept = default;
    explicit Attachment(SourcePtr source) noexcept : source_(std::move(source)) {}
    Attachment(Attachment&&) noexcept = default;
    Attachment& operator=(Attachment&& other) noexcept;
    ~Attachment();
    [[nodiscard]] GSource* source() const noexcept { return source_.get(); }

private:
    SourcePtr source_;
};

/// Any thread. make_source(), attached to `main_context`, or to the calling thread's thread-default context when that
/// is null.
[[nodiscard]] NESTLING_API Attachment attach(std::shared_ptr<Context> context, const SourceOptions& options = {},
                                             GMainContext* main_context = nullptr);

/// Any thread. Makes `thread` run a GMainLoop, from now on and for good, with its context nested in it, and returns the
/// GMainContext of that loop (contracts F19.3). Sources attached to it run on the thread. Returns when the thread owns
/// it; on the thread itself at once. Throws std::logic_error after stop(), or if the thread runs another driver.
NESTLING_API GMainContext* gmain_context(IoThread& thread);

}  // namespace nestling::glib
