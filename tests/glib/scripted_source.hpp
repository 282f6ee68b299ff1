// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <functional>
#include <utility>

#include "glib/main_context.hpp"

namespace nestling::testing {

/// A neighbour of the source under test: its three steps are the test's.
class ScriptedSource {
public:
    struct Steps {
        std::function<bool()> prepare = [] { return false; };
        std::function<bool()> check = [] { return false; };
        std::function<void()> dispatch = [] {};
    };

    ScriptedSource(const MainContext& context, int priority, Steps steps) : ScriptedSource(priority, std::move(steps)) {
        g_source_attach(source_, context.get());
    }
    /// Not attached.
    ScriptedSource(int priority, Steps steps) : steps_(std::move(steps)) {
        static GSourceFuncs functions = {
            &ScriptedSource::prepare, &ScriptedSource::check, &ScriptedSource::dispatch, nullptr, nullptr, nullptr};
        source_ = g_source_new(&functions, sizeof(Memory));
        reinterpret_cast<Memory*>(source_)->steps = &steps_;
        g_source_set_priority(source_, priority);
        g_source_set_can_recurse(source_, TRUE);
    }
    ScriptedSource(const ScriptedSource&) = delete;
    ScriptedSource& operator=(const ScriptedSource&) = delete;
    ~ScriptedSource() {
        g_source_destroy(source_);
        g_source_unref(source_);
    }

    [[nodiscard]] GSource* get() const noexcept { return source_; }

private:
    struct Memory {
        GSource base;
        Steps* steps;
    };

    static Steps& steps_of(GSource* source) { return *reinterpret_cast<Memory*>(source)->steps; }
    static gboolean prepare(GSource* source, gint* timeout) {
        *timeout = -1;
        return steps_of(source).prepare() ? TRUE : FALSE;
    }
    static gboolean check(GSource* source) { return steps_of(source).check() ? TRUE : FALSE; }
    static gboolean dispatch(GSource* source, GSourceFunc, gpointer) {
        steps_of(source).dispatch();
        return G_SOURCE_CONTINUE;
    }

    Steps steps_;
    GSource* source_;
};

}  // namespace nestling::testing
