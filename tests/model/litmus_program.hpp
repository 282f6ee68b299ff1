// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/explorer/explore.hpp"

namespace nestling::model {

/// The orders that stand for the letters W, R and F of a litmus program.
struct LitmusOrders {
    std::memory_order write;
    std::memory_order read;
    std::optional<std::memory_order> fence;
};

/// One statement. Variables are w, x, y, z and begin with 0; registers are a to h.
///   x.rel=1      store
///   a=x.acq      load
///   a=x.ar+1     fetch_add
///   fence.sc     fence
/// Orders are rlx, acq, rel, ar and sc, or the letters W (of a store), R (of a load); a lone F is a fence.
struct LitmusStatement {
    enum class Kind : std::uint8_t { store, load, fetch_add, fence } kind;
    std::size_t variable;
    std::size_t target;
    int value;
    std::memory_order order;
};

inline std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::string part;
    for (const char c : text + separator) {
        if (c == separator) {
            if (!part.empty()) {
                parts.push_back(part);
            }
            part.clear();
        } else if (separator == ' ' || c != ' ') {
            part += c;
        }
    }
    return parts;
}

inline std::memory_order litmus_order(const std::string& name, const LitmusOrders& orders) {
    if (name == "W") {
        return orders.write;
    }
    if (name == "R") {
        return orders.read;
    }
    constexpr std::array<std::pair<const char*, std::memory_order>, 5> names{{{"rlx", std::memory_order_relaxed},
                                                                              {"acq", std::memory_order_acquire},
                                                                              {"rel", std::memory_order_release},
                                                                              {"ar", std::memory_order_acq_rel},
                                                                              {"sc", std::memory_order_seq_cst}}};
    for (const auto& [text, order] : names) {
        if (name == text) {
            return order;
        }
    }
    throw std::invalid_argument("no such order: " + name);
}

inline std::vector<LitmusStatement> parse_litmus(const std::string& thread, const LitmusOrders& orders) {
    using Kind = LitmusStatement::Kind;
    const auto variable = [](char name) { return static_cast<std::size_t>(name - 'w'); };
    const auto target = [](char name) { return static_cast<std::size_t>(name - 'a'); };
    std::vector<LitmusStatement> program;
    for (const std::string& text : split(thread, ';')) {
        if (text == "F") {
            if (orders.fence) {
                program.push_back({Kind::fence, 0, 0, 0, *orders.fence});
            }
        } else if (text.rfind("fence.", 0) == 0) {
            program.push_back({Kind::fence, 0, 0, 0, litmus_order(text.substr(6), orders)});
        } else if (const std::size_t equals = text.find('='); text[0] >= 'w') {
            program.push_back({Kind::store, variable(text[0]), 0, std::stoi(text.substr(equals + 1)),
                               litmus_order(text.substr(2, equals - 2), orders)});
        } else {
            const std::size_t plus = text.find('+');
            const bool adds = plus != std::string::npos;
            program.push_back({adds ? Kind::fetch_add : Kind::load, variable(text[2]), target(text[0]),
                               adds ? std::stoi(text.substr(plus + 1)) : 0,
                               litmus_order(text.substr(4, adds ? plus - 4 : plus), orders)});
        }
    }
    return program;
}

struct LitmusState {
    std::array<ModelAtomics::Atomic<int>, 4> variables;
    std::array<int, 8> registers{};

    LitmusState() {
        constexpr std::array<const char*, 4> names{"w", "x", "y", "z"};
        for (std::size_t i = 0; i < names.size(); ++i) {
            name(variables[i], names[i]);
        }
    }

    void run(const std::vector<LitmusStatement>& program) {
        for (const LitmusStatement& step : program) {
            switch (step.kind) {
                case LitmusStatement::Kind::store:
                    variables[step.variable].store(step.value, step.order);
                    break;
                case LitmusStatement::Kind::load:
                    registers[step.target] = variables[step.variable].load(step.order);
                    break;
                case LitmusStatement::Kind::fetch_add:
                    registers[step.target] = variables[step.variable].fetch_add(step.value, step.order);
                    break;
                case LitmusStatement::Kind::fence:
                    ModelAtomics::fence(step.order);
                    break;
            }
        }
    }

    /// `outcome`: values of registers and final values of variables, "a=1 b=0 x=2".
    [[nodiscard]] bool matches(const std::string& outcome) const {
        for (const std::string& part : split(outcome, ' ')) {
            const int value = part[0] >= 'w'
                                  ? variables[static_cast<std::size_t>(part[0] - 'w')].load(std::memory_order_relaxed)
                                  : registers[static_cast<std::size_t>(part[0] - 'a')];
            if (value != std::stoi(part.substr(2))) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] std::string outcome() const {
        std::string text;
        for (const auto& variable : variables) {
            text += std::to_string(variable.load(std::memory_order_relaxed)) + " ";
        }
        for (const int value : registers) {
            text += std::to_string(value) + " ";
        }
        return text;
    }
};

}  // namespace nestling::model
