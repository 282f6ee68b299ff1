// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nestling/annotations.hpp>
#include <nestling/context.hpp>

namespace nestling {

/// What is wrong with a loop, and who does it.
struct Diagnosis {
    enum class Kind : std::uint8_t {
        long_callback,  ///< a callback takes too long: it is running still (`is_running`), or has returned
        spinning,       ///< a handler is called in one iteration after the other, and what it is called for stays; or
                        ///< more comes all the time than it takes
        starving,       ///< a handler takes most of the time, and others have what is left
        stuck,          ///< the loop does not iterate, and no callback of it is running
    };
    Kind kind;
    std::string context;  ///< name of the context
    std::string handle;   ///< name of the handle; empty if there is none to blame
    /// long_callback: so far, or of the call. starving: of the time that was examined. stuck: since when.
    std::chrono::nanoseconds duration{0};
    std::uint64_t count = 0;  ///< spinning: iterations in a row. starving: calls
    bool is_running = false;
    std::string text;  ///< one line for people
};

/// What one handle has taken since a doctor came.
struct HandlerLoad {
    std::string handle;
    std::uint64_t calls = 0;
    std::chrono::nanoseconds time{0};  ///< without the callbacks of others that ran inside
    std::chrono::nanoseconds longest{0};
};

/// Who examines.
enum class Rounds : std::uint8_t {
    own_thread,  ///< a thread of the doctor's own, every `period`
    by_hand,     ///< whoever calls examine(), for example a timer of another context
};

struct LoopDoctorOptions {
    std::chrono::nanoseconds period = std::chrono::milliseconds(100);
    Rounds rounds = Rounds::own_thread;
    /// A callback that takes so long is told of.
    std::chrono::nanoseconds long_callback = std::chrono::milliseconds(100);
    /// A handler that is called in so many iterations in a row within one period spins. Of a descriptor only those
    /// calls count after which it was ready still; of all others, those between which the loop did not wait.
    std::uint64_t spin_iterations = 1000;
    /// A handler that takes so much of the time, in percent, while others run, starves them.
    unsigned starving_percent = 80;
    /// A loop that does not iterate for so long is stuck. One that sleeps is not, nor is one without a home thread.
    std::chrono::nanoseconds stuck = std::chrono::seconds(1);
};

/// Watches a context from another thread, and names the handler that runs too long (while it runs), spins, or starves
/// others, and the loop that does not iterate.
///
/// A context without a doctor pays nothing. With one, all callbacks are timed: about a tenth of a microsecond each, and
/// a system call now and then for a descriptor that is always ready. What ran already when the doctor came is not seen.
/// A loop that an outer loop holds up is seen as stuck once something is published for it. A context may have several
/// doctors; what the last one calls a long callback is one for all.
class NESTLING_API LoopDoctor {
public:
    /// Any thread. `report` is called on the thread that examines, once for each finding, and must not throw. The
    /// context must outlive the doctor. Throws std::system_error and std::bad_alloc.
    LoopDoctor(Context& context, std::function<void(const Diagnosis&)> report, LoopDoctorOptions options = {});
    LoopDoctor(const LoopDoctor&) = delete;
    LoopDoctor& operator=(const LoopDoctor&) = delete;
    /// Any thread but the one that examines. Waits for a report that is being made.
    ~LoopDoctor();

    /// Any thread. Looks now; returns how many findings were reported. O(handlers).
    std::size_t examine();
    /// Any thread. Replaces all options but `rounds`. `period` counts from the next examination.
    void set_options(const LoopDoctorOptions& options);
    /// Any thread. Those that took most come first. Handles that are called rarely may be forgotten when there are
    /// many; callbacks before the first iteration that knew of the doctor are not in it.
    [[nodiscard]] std::vector<HandlerLoad> loads() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace nestling
