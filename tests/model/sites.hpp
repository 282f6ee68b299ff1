// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <string>
#include <vector>

namespace nestling::model {

/// One ordering of the shipped headers, and the variable that stands for it in the model.
struct Site {
    const char* orders;
    const char* name;
    const char* barrier;  ///< its id, or empty where the order is relaxed
    std::memory_order shipped;
    std::memory_order* variable;
};

inline const char* order_name(std::memory_order order) {
    switch (order) {
        case std::memory_order_relaxed:
            return "relaxed";
        case std::memory_order_acquire:
            return "acquire";
        case std::memory_order_release:
            return "release";
        case std::memory_order_acq_rel:
            return "acq_rel";
        default:
            return "seq_cst";
    }
}

/// The orders just below `order`; what is weaker still is weaker than one of them. A relaxed fence is none at all.
inline std::vector<std::memory_order> weaker_orders(std::memory_order order) {
    switch (order) {
        case std::memory_order_seq_cst:
            return {std::memory_order_acq_rel, std::memory_order_relaxed};
        case std::memory_order_acq_rel:
            return {std::memory_order_acquire, std::memory_order_release, std::memory_order_relaxed};
        case std::memory_order_acquire:
        case std::memory_order_release:
            return {std::memory_order_relaxed};
        default:
            return {};
    }
}

/// Weakens a site for as long as this lives.
class Weakened {
public:
    Weakened(const Site& site, std::memory_order order) noexcept : site_(site) { *site.variable = order; }
    Weakened(const Weakened&) = delete;
    Weakened& operator=(const Weakened&) = delete;
    ~Weakened() { *site_.variable = site_.shipped; }

private:
    const Site& site_;
};

}  // namespace nestling::model
