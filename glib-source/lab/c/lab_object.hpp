// SPDX-License-Identifier: MIT
#pragma once

#include <nestling-lab/nestling-lab.h>

#include <map>
#include <memory>
#include <nestling-lab/lab.hpp>
#include <optional>
#include <thread>

#include "c/boxed.hpp"

/// Of a lab that is open, what it points to is the lab's; afterwards it is a copy.
struct NestlingLabRecord : nestling::lab::c::Boxed<NestlingLabRecord> {
    const nestling::lab::SourceRecord* seen = nullptr;
    std::unique_ptr<nestling::lab::SourceRecord> kept;
};

struct NestlingLabStep : nestling::lab::c::Boxed<NestlingLabStep> {
    explicit NestlingLabStep(const nestling::lab::Step& step) : seen(step) {}
    const nestling::lab::Step seen;
};

namespace nestling::lab::c {

/// A lab and the records of it that C callers hold.
struct OpenLab {
    explicit OpenLab(const LabOptions& options) : lab(options) {}
    OpenLab(const OpenLab&) = delete;
    OpenLab& operator=(const OpenLab&) = delete;
    ~OpenLab();

    NestlingLabRecord* record_of(const SourceRecord& seen);

    Lab lab;
    const std::thread::id home = std::this_thread::get_id();
    /// How many calls into the lab go on; the lab cannot end inside them.
    unsigned calls = 0;
    std::map<unsigned, NestlingLabRecord*> records;
};

/// The open lab of `self` on its own thread; otherwise null, and a critical message that names `function`.
OpenLab* open_lab(NestlingLab* self, const char* function) noexcept;
bool is_open(NestlingLab* self) noexcept;

/// Calls `action` with the open lab; `otherwise` is the answer if there is none.
template <typename Answer, typename Action>
Answer with(NestlingLab* self, const char* function, Answer otherwise, Action&& action) noexcept {
    OpenLab* open = open_lab(self, function);
    if (open == nullptr) {
        return otherwise;
    }
    g_object_ref(self);
    ++open->calls;
    Answer answer = std::forward<Action>(action)(*open);
    --open->calls;
    g_object_unref(self);
    return answer;
}

template <typename Action>
void with(NestlingLab* self, const char* function, Action&& action) noexcept {
    with(self, function, false, [&](OpenLab& open) {
        std::forward<Action>(action)(open);
        return true;
    });
}

}  // namespace nestling::lab::c
