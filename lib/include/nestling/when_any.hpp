// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <nestling/task.hpp>
#include <nestling/task_group.hpp>
#include <nestling/when_all.hpp>

namespace nestling {

/// Of several tasks, the one that ended first, and its value.
template <class T>
struct FirstOf {
    std::size_t index;
    TaskValue<T> value;
};

namespace async {

template <class... Ts, std::size_t... Index>
std::variant<TaskValue<Ts>...> take_first(std::tuple<Task<Ts>...>& tasks, const TaskFrame* first,
                                          std::index_sequence<Index...> /*all*/) {
    std::optional<std::variant<TaskValue<Ts>...>> taken;
    const auto take_if_first = [&]<std::size_t At>(std::integral_constant<std::size_t, At> /*at*/) {
        if (std::get<At>(tasks).frame() == first) {
            taken.emplace(std::in_place_index<At>, take_value(std::get<At>(tasks)));
        }
    };
    (take_if_first(std::integral_constant<std::size_t, Index>()), ...);
    return std::move(*taken);
}

template <class... Ts>
Task<std::variant<TaskValue<Ts>...>> any_of(std::tuple<Task<Ts>...> tasks) {
    TaskFrame& self = co_await ThisFrame();
    TaskGroup group(self, TaskGroup::StopOthers::when_one_ends);
    std::apply([&group](auto&... task) { (group.start(task), ...); }, tasks);
    co_await group.all_ended();
    co_return take_first(tasks, group.first(), std::index_sequence_for<Ts...>());
}

template <class T>
Task<FirstOf<T>> any_in(std::vector<Task<T>> tasks) {
    TaskFrame& self = co_await ThisFrame();
    TaskGroup group(self, TaskGroup::StopOthers::when_one_ends);
    for (Task<T>& task : tasks) {
        group.start(task);
    }
    co_await group.all_ended();
    std::size_t index = 0;
    while (tasks[index].frame() != group.first()) {
        ++index;
    }
    co_return FirstOf<T>{index, take_value(tasks[index])};
}

}  // namespace async

/// Runs all of `tasks` at the same time. The first that ends, by a value or an exception, has the others stopped; when
/// they have ended as well, its value is given, at its place in the variant, or what it threw is thrown. What the
/// others returned or threw is dropped. Throws std::logic_error at once if one is empty.
template <class... Ts>
requires(sizeof...(Ts) != 0) Task<std::variant<TaskValue<Ts>...>> when_any(Task<Ts>... tasks) {
    (async::refuse_empty(tasks), ...);
    return async::any_of(std::tuple<Task<Ts>...>(std::move(tasks)...));
}

/// The same of one or more tasks; of none it throws std::logic_error.
template <class T>
Task<FirstOf<T>> when_any(std::vector<Task<T>> tasks) {
    if (tasks.empty()) {
        throw std::logic_error("nestling: when_any() of no tasks");
    }
    for (const Task<T>& task : tasks) {
        async::refuse_empty(task);
    }
    return async::any_in(std::move(tasks));
}

}  // namespace nestling
