// SPDX-License-Identifier: MIT
#include "context_guard.hpp"

#include <cstdio>
#include <cstdlib>

namespace nestling::lab {

namespace {

GSourceFuncs functions{};

gboolean nothing(gpointer) {
    return G_SOURCE_CONTINUE;
}

/// A context that ends destroys its sources, and they drop the data of their callbacks.
void dropped(gpointer may_go) {
    if (!*static_cast<const bool*>(may_go)) {
        std::fputs("nestling-lab: the lab's context was destroyed: somebody dropped a reference that was not theirs\n",
                   stderr);
        std::abort();
    }
}

}  // namespace

ContextGuard::ContextGuard(GMainContext* context) : source_(g_source_new(&functions, sizeof(GSource))) {
    g_source_set_callback(source_, nothing, &may_go_, dropped);
    id_ = g_source_attach(source_, context);
}

ContextGuard::~ContextGuard() {
    may_go_ = true;
    g_source_destroy(source_);
    g_source_unref(source_);
}

}  // namespace nestling::lab
