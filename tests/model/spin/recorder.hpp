// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nestling::recording {

/// What one operation may give back. Only the first `successes` are no failures of a compare-exchange.
struct Outcomes {
    std::vector<int> values;
    std::size_t successes = ~std::size_t{0};
};

/// Runs a function again and again, each time with other results of its operations, until it has seen all of them. What
/// is left is a tree of operations; equal subtrees become one, which makes it the automaton of the function.
///
/// A loop that retries a compare-exchange has no end, and keeps nothing but the value that it saw. So it is followed
/// for some failures only; two places are one if they are equal up to the next failure, and whether places that became
/// one also lead to the same places is checked for all rounds that were followed.
class Recorder {
public:
    static Recorder& active() {
        static Recorder recorder;
        return recorder;
    }

    /// Called by the operations of the function that runs. `text` is the operation as JSON members.
    int ask(const std::string& text, const Outcomes& outcomes) {
        if (depth_ == path_.size()) {
            path_.push_back({add(text, outcomes), 0});
        }
        const Choice choice = path_[depth_++];
        const Operation& operation = tree_[choice.operation];
        if (operation.text != text || operation.outcomes.empty()) {
            std::fprintf(stderr, "not deterministic, or without outcome: %s after %s\n", text.c_str(),
                         operation.text.c_str());
            std::abort();
        }
        return operation.outcomes[choice.outcome].first;
    }

    /// An operation without a result.
    void tell(const std::string& text) { ask(text, {{0}}); }

    /// The automaton of `function`, as JSON.
    std::string record(const std::function<int()>& function) {
        tree_.clear();
        path_.clear();
        do {
            depth_ = 0;
            failures_ = 0;
            visited_.clear();
            const int result = function();
            ask("\"op\": \"return\", \"value\": " + std::to_string(result), {{0}});
        } while (advance());
        return automaton();
    }

    /// A compare-exchange that failed: true while another failure may follow in the same run.
    bool may_fail() const { return failures_ < followed; }
    void failed() { ++failures_; }

    /// The links that this run has followed: a list that comes back to one of them is broken.
    std::vector<int>& visited() { return visited_; }

private:
    static constexpr int followed = 3;
    static constexpr int ahead = 1;

    struct Operation {
        std::string text;
        std::vector<std::pair<int, std::size_t>> outcomes;
        std::size_t successes;
        int failures;
    };
    struct Choice {
        std::size_t operation;
        std::size_t outcome;
    };
    static constexpr std::size_t nowhere = ~std::size_t{0};

    std::size_t add(const std::string& text, const Outcomes& outcomes) {
        Operation operation{text, {}, outcomes.successes, failures_};
        for (const int value : outcomes.values) {
            operation.outcomes.emplace_back(value, nowhere);
        }
        tree_.push_back(operation);
        const std::size_t number = tree_.size() - 1;
        if (!path_.empty()) {
            tree_[path_.back().operation].outcomes[path_.back().outcome].second = number;
        }
        return number;
    }

    bool advance() {
        while (!path_.empty()) {
            if (++path_.back().outcome < tree_[path_.back().operation].outcomes.size()) {
                return true;
            }
            path_.pop_back();
        }
        return false;
    }

    /// The same number for subtrees that are equal until after `left` more failures.
    std::size_t kind(std::size_t at, int left) {
        const Operation& operation = tree_[at];
        std::string text = operation.text;
        for (std::size_t which = 0; which < operation.outcomes.size(); ++which) {
            const auto& [value, next] = operation.outcomes[which];
            const int cost = which < operation.successes ? 0 : 1;
            if (next != nowhere && left >= cost) {
                text += " " + std::to_string(value) + ":" + std::to_string(kind(next, left - cost));
            }
        }
        return kinds_.emplace(text, kinds_.size()).first->second;
    }

    std::string automaton() {
        kinds_.clear();
        std::map<std::size_t, std::string> states;
        std::deque<std::size_t> places{0};
        const std::size_t start = kind(0, ahead);
        while (!places.empty()) {
            const std::size_t at = places.front();
            places.pop_front();
            const Operation& operation = tree_[at];
            const std::size_t number = kind(at, ahead);
            if (operation.failures + ahead >= followed) {
                require(states.count(number) != 0, "a retry that does something new", operation);
                continue;
            }
            std::string text = operation.text + ", \"next\": {";
            for (std::size_t which = 0; which < operation.outcomes.size(); ++which) {
                const auto& [value, next] = operation.outcomes[which];
                if (next != nowhere) {
                    text += (which == 0 ? "\"" : ", \"") + std::to_string(value) + "\": \"" +
                            std::to_string(kind(next, ahead)) + "\"";
                    // Those with the fewest failures first, so that the others find them.
                    which < operation.successes ? places.push_front(next) : places.push_back(next);
                }
            }
            text += "}";
            require(states.emplace(number, text).first->second == text, "a retry that goes elsewhere", operation);
        }
        std::string json = "{\"start\": \"" + std::to_string(start) + "\", \"states\": {";
        const char* comma = "\n  \"";
        for (const auto& [number, text] : states) {
            json += comma + std::to_string(number) + "\": {" + text + "}";
            comma = ",\n  \"";
        }
        return json + "}}";
    }

    static void require(bool condition, const char* problem, const Operation& operation) {
        if (!condition) {
            std::fprintf(stderr, "%s: %s\n", problem, operation.text.c_str());
            std::exit(2);
        }
    }

    std::vector<Operation> tree_;
    std::vector<Choice> path_;
    std::size_t depth_ = 0;
    int failures_ = 0;
    std::vector<int> visited_;
    std::map<std::string, std::size_t> kinds_;
};

}  // namespace nestling::recording
