// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "model/sites.hpp"
#include "model/spin/recorder.hpp"

namespace nestling::recording {

/// The names of the variables, in the order in which they are constructed, and the nodes that a word may point to. A
/// number stands for a word: tags in the two lowest bits, the number of the node (from 1) above.
struct Names {
    static Names& active() {
        static Names names;
        return names;
    }
    std::string take() { return next < variables.size() ? variables[next++] : "?"; }

    int number(std::uintptr_t word) const {
        for (std::size_t at = 0; at < nodes.size(); ++at) {
            if ((word & ~std::uintptr_t{3}) == nodes[at]) {
                return static_cast<int>(4 * (at + 1) + (word & 3));
            }
        }
        return static_cast<int>(word);
    }
    std::uintptr_t word(int number) const {
        const auto tags = static_cast<std::uintptr_t>(number & 3);
        return number < 4 ? tags : nodes[static_cast<std::size_t>(number / 4 - 1)] | tags;
    }

    std::vector<std::string> variables;
    std::size_t next = 0;
    std::vector<std::uintptr_t> nodes;
};

/// Changes of the structure and not of an order: what is recorded is not what the header does.
enum class Mutation { none, arm_by_store, take_by_load, forget_rearm, forget_drain, write_twice };
/// The one that holds for what is being recorded.
inline Mutation mutation = Mutation::none;

/// The atomics that write down what is done to them, in place of sync::StdAtomics. Their results come from the
/// recorder. A weak compare-exchange does not fail without a reason: that would only add a round.
struct RecordingAtomics {
    template <class T>
    static int encode(T value) {
        if constexpr (std::is_pointer_v<T>) {
            return Names::active().number(reinterpret_cast<std::uintptr_t>(value));
        } else if constexpr (std::is_same_v<T, std::uintptr_t>) {
            return Names::active().number(value);
        } else {
            return static_cast<int>(value);
        }
    }
    template <class T>
    static T decode(int number) {
        if constexpr (std::is_pointer_v<T>) {
            return reinterpret_cast<T>(Names::active().word(number));
        } else if constexpr (std::is_same_v<T, std::uintptr_t>) {
            return Names::active().word(number);
        } else {
            return static_cast<T>(number);
        }
    }

    /// What a variable of this type may hold. The model reports a value that is missing here.
    template <class T>
    static std::vector<int> domain() {
        std::vector<int> values;
        if constexpr (std::is_pointer_v<T> || std::is_same_v<T, std::uintptr_t>) {
            values = {0};
            for (int at = 1; at <= static_cast<int>(Names::active().nodes.size()); ++at) {
                values.push_back(4 * at);
            }
            if constexpr (!std::is_pointer_v<T>) {
                const std::vector<int> bare = values;
                values.push_back(1);
                for (const int value : bare) {
                    values.push_back(value | 2);
                }
            }
        } else if constexpr (std::is_same_v<T, bool>) {
            values = {0, 1};
        } else {
            for (int value = 0; value < 16; ++value) {
                values.push_back(value);
            }
        }
        return values;
    }

    template <class T>
    class Atomic {
    public:
        Atomic() : Atomic(T{}) {}
        explicit Atomic(T) : name_(Names::active().take()) {}
        Atomic(const Atomic&) = delete;
        Atomic& operator=(const Atomic&) = delete;

        T load(std::memory_order order) const {
            return decode<T>(Recorder::active().ask(access("load", order), {domain<T>()}));
        }
        void store(T value, std::memory_order order) {
            Recorder::active().tell(access("store", order) + operand("value", value));
        }
        T exchange(T value, std::memory_order order) {
            return mutation == Mutation::take_by_load ? load(order) : modify("exchange", value, order);
        }
        T fetch_or(T bits, std::memory_order order) { return modify("or", bits, order); }
        T fetch_and(T bits, std::memory_order order) {
            // The bits that exist: Promela's bytes know no complement of 32 bits.
            return modify("and", static_cast<T>(bits & T{15}), order);
        }

        bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order) {
            if (mutation == Mutation::arm_by_store && desired != T{}) {
                store(desired, success);
                return true;
            }
            return compare_exchange(expected, desired, success);
        }
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order) {
            return compare_exchange(expected, desired, success);
        }

    private:
        static std::string operand(const char* name, T value) {
            return std::string(", \"") + name + "\": " + std::to_string(encode(value));
        }
        std::string access(const char* what, std::memory_order order) const {
            return std::string("\"op\": \"") + what + "\", \"variable\": \"" + name_ + "\", \"order\": \"" +
                   model::order_name(order) + "\"";
        }
        T modify(const char* what, T value, std::memory_order order) {
            return decode<T>(Recorder::active().ask(access(what, order) + operand("value", value), {domain<T>()}));
        }
        bool compare_exchange(T& expected, T desired, std::memory_order order) {
            Outcomes outcomes{{encode(expected)}, 1};
            if (Recorder::active().may_fail()) {
                for (const int value : domain<T>()) {
                    // What is published is not published again before it is taken off.
                    const bool is_own = value >= 4 && value / 4 == encode(desired) / 4;
                    if (value != encode(expected) && !is_own) {
                        outcomes.values.push_back(value);
                    }
                }
            }
            const int seen = Recorder::active().ask(
                access("cas", order) + operand("expected", expected) + operand("value", desired), outcomes);
            if (seen == encode(expected)) {
                return true;
            }
            Recorder::active().failed();
            expected = decode<T>(seen);
            return false;
        }

        std::string name_;
    };

    /// A link. It is followed once in a run, to a node where the run has not been.
    template <class T>
    class Plain {
    public:
        Plain() : name_(Names::active().take()) {}
        explicit Plain(T) : Plain() {}

        T load() const {
            auto& visited = Recorder::active().visited();
            visited.push_back(Names::active().number(reinterpret_cast<std::uintptr_t>(this)));
            Outcomes outcomes{{}};
            for (const int value : domain<T>()) {
                if (std::find(visited.begin(), visited.end(), value) == visited.end()) {
                    outcomes.values.push_back(value);
                }
            }
            return decode<T>(Recorder::active().ask(
                "\"op\": \"load\", \"variable\": \"" + name_ + "\", \"order\": \"plain\"", outcomes));
        }
        void store(T value) {
            Recorder::active().tell("\"op\": \"store\", \"variable\": \"" + name_ +
                                    "\", \"order\": \"plain\", \"value\": " + std::to_string(encode(value)));
        }

    private:
        std::string name_;
    };

    static void fence(std::memory_order order) {
        Recorder::active().tell(std::string("\"op\": \"fence\", \"order\": \"") + model::order_name(order) + "\"");
    }
    template <class Word>
    static void fence_after_rmw(std::memory_order order, const Word& /*word*/) {
        fence(order);
    }
    static void expect_write(const void*) noexcept {}
    /// Signal handlers are the explorer's matter.
    static void order_signals() {}
};

}  // namespace nestling::recording
