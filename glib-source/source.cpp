// SPDX-License-Identifier: MIT
#include <nestling-glib/source.hpp>

#include <mutex>
#include <string>
#include <utility>

#include "adapter.hpp"

namespace nestling::glib {

namespace {
constexpr int priority_below_redraw = 130;
constexpr int priority_background = G_PRIORITY_DEFAULT_IDLE;
constexpr std::chrono::milliseconds urgent_budget{2};
}  // namespace

SourceOptions::SourceOptions(Preset preset) {
    switch (preset) {
        case Preset::daemon:
            break;
        case Preset::gui_io:
            priority = priority_below_redraw;
            break;
        case Preset::gui_urgent:
            budget = urgent_budget;
            break;
        case Preset::background:
            priority = priority_background;
            break;
    }
}

SourcePtr make_source(std::shared_ptr<Context> context, const SourceOptions& options) {
    const std::string name = "[nestling] " + context->name();
    SourcePtr source = make_nested_source(std::make_unique<Adapter>(std::move(context), options));
    g_source_set_priority(source.get(), options.priority);
    g_source_set_name(source.get(), name.c_str());
    return source;
}

Attachment attach(std::shared_ptr<Context> context, const SourceOptions& options, GMainContext* main_context) {
    SourcePtr source = make_source(std::move(context), options);
    if (main_context != nullptr) {
        g_source_attach(source.get(), main_context);
    } else {
        GMainContext* own = g_main_context_ref_thread_default();
        g_source_attach(source.get(), own);
        g_main_context_unref(own);
    }
    return Attachment(std::move(source));
}

Attachment& Attachment::operator=(Attachment&& other) noexcept {
    if (this != &other) {
        const Attachment old(std::move(source_));
        source_ = std::move(other.source_);
    }
    return *this;
}

Attachment::~Attachment() {
    if (source_ == nullptr) {
        return;
    }
    Adapter* adapter = find_adapter(source_.get());
    if (adapter == nullptr) {
        // Any source may have been handed to the constructor.
        g_source_destroy(source_.get());
        return;
    }
    {
        const std::lock_guard lock(adapter->handles_mutex);
        g_source_destroy(source_.get());
    }
    adapter->note_detachment();
}

}  // namespace nestling::glib
