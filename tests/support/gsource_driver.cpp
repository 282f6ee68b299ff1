// SPDX-License-Identifier: MIT
#include "support/gsource_driver.hpp"

#include <nestling-glib/source.hpp>

namespace nestling::testing {

namespace {

/// Iterates a GMainContext of its own that the context is nested in.
class GSourceDriver final : public Driver {
public:
    explicit GSourceDriver(const std::shared_ptr<Context>& context)
        : context_(*context),
          main_context_(g_main_context_new()),
          attachment_(glib::attach(context, glib::Preset::daemon, main_context_)) {}

    ~GSourceDriver() override {
        attachment_ = glib::Attachment();
        g_main_context_unref(main_context_);
    }

    bool iterate(Wait wait) override {
        const std::uint64_t before = callbacks();
        g_main_context_iteration(main_context_, wait == Wait::block ? TRUE : FALSE);
        return callbacks() != before;
    }

private:
    /// GLib says whether a source was dispatched, which is also true of a notify(); a callback is what counts.
    [[nodiscard]] std::uint64_t callbacks() const {
        const Statistics now = context_.statistics();
        return now.bottom_halves_run + now.fd_callbacks_run + now.timers_fired;
    }

    Context& context_;
    GMainContext* main_context_;
    glib::Attachment attachment_;
};

}  // namespace

const bool has_gsource_driver = true;

std::unique_ptr<Driver> make_gsource_driver(const std::shared_ptr<Context>& context) {
    return std::make_unique<GSourceDriver>(context);
}

}  // namespace nestling::testing
