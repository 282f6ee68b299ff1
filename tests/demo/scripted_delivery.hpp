// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "delivery/delivery.hpp"

namespace demo::testing {

/// A delivery on one thread, in which the test decides what arrives and when. Nothing is read: the content of a file is
/// what `contents` says, and a file that is not in there fails.
class ScriptedDelivery final : public Delivery {
public:
    explicit ScriptedDelivery(std::size_t queue_limit) : queue_limit_(queue_limit) {}

    void walk(Walker walker, Receiver& receiver) override;
    [[nodiscard]] bool submit(const HashRequest& request) override;
    void stop() override {}
    [[nodiscard]] Wakes wakes() const override { return {}; }
    [[nodiscard]] std::string reading() const override { return "nothing"; }

    std::map<std::string, std::string> contents;

    /// A file with an inode of its own, of the size of its content (which may be set before).
    FoundFile file(const std::string& path, const std::string& content);
    /// A further name of the file that was made last.
    FoundFile link(const std::string& path);
    enum class Last { no, yes };
    void deliver_batch(std::vector<FoundFile> files, Last last);

    [[nodiscard]] const std::vector<HashRequest>& queue() const noexcept { return queue_; }
    [[nodiscard]] std::size_t most_queued() const noexcept { return most_queued_; }
    /// Hashes the request at `index` of the queue and delivers the result.
    void complete(std::size_t index);
    /// As often as there is something to complete; `choose` picks from a queue of the given length.
    void complete_all(const std::function<std::size_t(std::size_t)>& choose);

private:
    std::size_t queue_limit_;
    std::vector<HashRequest> queue_;
    std::size_t most_queued_ = 0;
    Receiver* receiver_ = nullptr;
    FoundFile last_file_;
};

}  // namespace demo::testing
