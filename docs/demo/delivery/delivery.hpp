// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "finder/hasher.hpp"
#include "finder/walker.hpp"
#include "meter/histogram.hpp"

namespace demo {

/// Who receives what the other threads found. Home thread.
class Receiver {
public:
    virtual ~Receiver() = default;
    virtual void on_batch(WalkBatch batch) = 0;
    virtual void on_hashed(HashResult result) = 0;
};

/// Counts of how the home thread was woken.
struct Wakes {
    std::uint64_t written = 0;  ///< writes that woke, or tried to wake, the loop
    std::uint64_t sleeps = 0;   ///< waits that were allowed to sleep
};

/// Runs the walk and the hashing on other threads and brings what they found to the home thread.
///
/// Everything here is for the home thread. No call into the receiver is made from within walk(), submit() or stop().
class Delivery {
public:
    Delivery() = default;
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;
    virtual ~Delivery() = default;

    /// Once. `receiver` must live until stop() or the end of the delivery.
    virtual void walk(Walker walker, Receiver& receiver) = 0;
    /// False when the queue is full: try again after a completion.
    [[nodiscard]] virtual bool submit(const HashRequest& request) = 0;
    /// Ends the walk and the hashing; waits for a block that is being read. The receiver is not called any more. Not
    /// from a callback of the receiver.
    virtual void stop() = 0;
    [[nodiscard]] virtual Wakes wakes() const = 0;
    /// Which way files are read, for people.
    [[nodiscard]] virtual std::string reading() const = 0;

    /// How long things took from the end of the work on its thread to the receiver.
    [[nodiscard]] const Histogram& latency() const noexcept { return latency_; }
    /// What the other threads handed over, and what came here.
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_->load(); }
    [[nodiscard]] std::uint64_t received() const noexcept { return latency_.count(); }

    /// How many batches of the walk may wait for the home thread.
    static constexpr std::size_t batches_ahead = 16;
    /// How many files may wait for a thread. The rest waits in the finder, where it costs nothing to drop.
    static constexpr std::size_t files_ahead = 64;

protected:
    /// Other threads count here, also ones that outlive the delivery for a moment.
    using Counter = std::shared_ptr<std::atomic<std::uint64_t>>;
    [[nodiscard]] const Counter& sent_counter() const noexcept { return sent_; }
    void record(std::chrono::nanoseconds ended);

private:
    Counter sent_ = std::make_shared<std::atomic<std::uint64_t>>(0);
    Histogram latency_;
};

enum class Mode : std::uint8_t {
    nestling,  ///< the library's threads; completions through a context
    glib,      ///< GLib's threads; g_idle_add for each completion
};

[[nodiscard]] const char* mode_name(Mode mode) noexcept;
[[nodiscard]] Mode other_mode(Mode mode) noexcept;

}  // namespace demo
