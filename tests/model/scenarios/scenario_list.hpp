// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/scenarios/loop_world.hpp"

namespace nestling::model {

/// One row of the proof: a situation, and how to look at all of its executions with the orders of `Form`.
struct NamedScenario {
    std::string name;
    std::function<Result(const Options&)> run;
    /// For the forms without mutations. Mutations are looked for within smaller ones first.
    Bounds bounds;
};

template <class Form>
std::vector<NamedScenario> publishing_scenarios();
template <class Form>
std::vector<NamedScenario> window_scenarios();
template <class Form>
std::vector<NamedScenario> lifetime_scenarios();
template <class Form>
std::vector<NamedScenario> home_list_scenarios();

template <class Form>
std::vector<NamedScenario> all_scenarios() {
    std::vector<NamedScenario> all = publishing_scenarios<Form>();
    for (auto* more : {&window_scenarios<Form>, &lifetime_scenarios<Form>, &home_list_scenarios<Form>}) {
        for (NamedScenario& scenario : (*more)()) {
            all.push_back(std::move(scenario));
        }
    }
    return all;
}

}  // namespace nestling::model
