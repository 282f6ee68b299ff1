// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace nestling::loop {

/// What every handle of a context has in common: it can be named when it leaks.
struct HandleNode {
    static constexpr std::uint32_t unregistered = UINT32_MAX;

    HandleNode(const char* handle_name) noexcept : name(handle_name) {}

    // The number first: it fits into the padding of what a node begins with.
    std::uint32_t registry_index = unregistered;
    const char* name;
};

/// The living handles of one context. Any thread.
class HandleRegistry {
public:
    void add(HandleNode& node);
    void remove(HandleNode& node) noexcept;
    /// `fresh` takes the place of `old`.
    void replace(HandleNode& old, HandleNode& fresh) noexcept;
    /// The names of all living handles in quotes, with commas between; empty if there are none.
    [[nodiscard]] std::string names() const;

private:
    mutable std::mutex mutex_;
    std::vector<HandleNode*> nodes_;
};

}  // namespace nestling::loop
