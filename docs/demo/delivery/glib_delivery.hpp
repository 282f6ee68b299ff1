// SPDX-License-Identifier: MIT
#pragma once

#include <glib.h>

#include <cstddef>
#include <memory>

#include "delivery/delivery.hpp"

namespace demo {

/// The same job the way programs do it today: a GThread for the walk, a GThreadPool for the hashing, and g_idle_add for
/// each completion.
class GlibDelivery final : public Delivery {
public:
    explicit GlibDelivery(std::size_t threads);
    ~GlibDelivery() override;

    void walk(Walker walker, Receiver& receiver) override;
    [[nodiscard]] bool submit(const HashRequest& request) override;
    void stop() override;
    [[nodiscard]] Wakes wakes() const override;
    [[nodiscard]] std::string reading() const override { return "threads (of GLib)"; }

private:
    struct Shared;

    std::shared_ptr<Shared> shared_;
    GThreadPool* pool_ = nullptr;
    GThread* walk_thread_ = nullptr;
    GPollFunc real_poll_;
    std::uint64_t sleeps_before_;
    std::uint64_t sleeps_at_end_ = 0;
};

}  // namespace demo
