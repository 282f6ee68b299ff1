// SPDX-License-Identifier: MIT
#pragma once

#include <nestling-glib/source.hpp>
#include <nestling/external_loop.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "polled_handle.hpp"

namespace nestling::glib {

struct Adapter;

/// The source's callback, which nobody calls. GLib holds it while the source is not destroyed, and once more for each
/// dispatch: when the dispatches are all that is left, the source was destroyed.
struct CallbackWatch {
    explicit CallbackWatch(Adapter& whose) noexcept : adapter(&whose) {}
    std::atomic<unsigned> references{1};
    Adapter* const adapter;
};

/// What one GSource needs. Lives beside the GSource, whose memory belongs to GLib.
struct Adapter {
    Adapter(std::shared_ptr<Context> nested, const SourceOptions& options)
        : context(std::move(nested)), loop(*context), budget(options.budget), reentry(options.reentry) {}

    std::shared_ptr<Context> context;
    ExternalLoop loop;
    std::chrono::nanoseconds budget;
    Reentry reentry;

    /// Those of version `handles_version`.
    std::vector<PolledHandle> handles;
    std::uint64_t handles_version = 0;
    /// Held while GLib is told of handles, and while an Attachment destroys the source: a handle that GLib takes from a
    /// source that is destroyed meanwhile would stay in its poll for ever.
    std::mutex handles_mutex;
    bool is_muted = false;
    bool has_complained = false;
    unsigned depth = 0;
    /// How many dispatches in a row were due to errors that no handler took.
    unsigned errors_in_vain = 0;
    /// How many times in a row prepare() has found nothing to do.
    unsigned idle_rounds = 0;

    /// Of GLib's, which frees it. Null before the source has it.
    CallbackWatch* watch = nullptr;

    /// GLib's own locks order one thread's use of a source before another's, but a ThreadSanitizer cannot see them in a
    /// GLib that is not instrumented. One for each of the threads that write it.
    std::atomic<bool> was_used{false};
    std::atomic<bool> was_detached{false};

    void note_use() noexcept {
        // BARRIER source.step (release) pairs source.finalize: what the steps did -> the thread that drops the last
        // reference.
        was_used.store(true, std::memory_order_release);
    }
    void note_detachment() noexcept {
        // BARRIER source.detach (release) pairs source.end: what this has done -> the thread that drops the last
        // reference.
        was_detached.store(true, std::memory_order_release);
    }
};

/// A GSource that nests `adapter`'s context; `adapter` lives until the GSource is finalized.
[[nodiscard]] SourcePtr make_nested_source(std::unique_ptr<Adapter> adapter);
/// The adapter of a source that make_nested_source() has made; null for any other.
[[nodiscard]] Adapter* find_adapter(GSource* source) noexcept;

}  // namespace nestling::glib
