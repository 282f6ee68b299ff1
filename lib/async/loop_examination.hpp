// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/loop_doctor.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "loop/handler_log.hpp"

namespace nestling::async {

/// What can be seen of a loop from outside at one moment.
struct LoopSight {
    std::int64_t now = 0;
    std::uint64_t iterations = 0;
    /// It may go on when it likes: it sleeps, or nobody has it.
    bool may_rest = false;
    loop::HandlerLog::Running running;
    std::vector<loop::HandlerLog::Row> rows;
};

/// Compares what is seen with what was seen before. Knows nothing of clocks, threads and contexts.
class LoopExamination {
public:
    explicit LoopExamination(std::string context) : context_(std::move(context)) {}

    /// Each finding once: again when it has ended and comes back.
    std::vector<Diagnosis> look(const LoopSight& sight, const LoopDoctorOptions& options);

private:
    /// Of one handle, as of the last look.
    struct Known {
        std::uint64_t calls = 0;
        std::int64_t time = 0;
        std::uint64_t long_calls = 0;
        std::uint64_t in_a_row = 0;
        bool spins = false;
        bool starves = false;
    };
    using Handle = std::pair<std::size_t, std::uint64_t>;

    void look_for_long(const LoopSight& sight, const LoopDoctorOptions& options);
    void look_for_stuck(const LoopSight& sight, const LoopDoctorOptions& options);
    void look_at(const loop::HandlerLog::Row& row, const LoopSight& sight, const LoopDoctorOptions& options);
    Diagnosis& add(Diagnosis::Kind kind, const std::string& handle);

    const std::string context_;
    std::vector<Diagnosis> found_;
    std::map<Handle, Known> known_;
    bool is_first_ = true;
    std::int64_t last_look_ = 0;
    std::uint64_t calls_since_ = 0;
    /// The call that was told of while it ran: it is not told of again when it returns.
    std::int64_t told_since_ = 0;
    std::size_t told_place_ = 0;
    std::uint64_t iterations_ = 0;
    std::int64_t moved_at_ = 0;
    bool is_stuck_ = false;
};

}  // namespace nestling::async
