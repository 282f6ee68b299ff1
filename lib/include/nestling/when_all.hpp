// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <nestling/task.hpp>
#include <nestling/task_group.hpp>

namespace nestling {

/// What a Task<T> leaves in a collection of results: its value; a reference wrapped; nothing as std::monostate.
template <class T>
using TaskValue = std::conditional_t<
    std::is_void_v<T>, std::monostate,
    std::conditional_t<std::is_reference_v<T>, std::reference_wrapper<std::remove_reference_t<T>>, T>>;

namespace async {

template <class T>
TaskValue<T> take_value(Task<T>& task) {
    if constexpr (std::is_void_v<T>) {
        task.take();
        return {};
    } else {
        return TaskValue<T>(task.take());
    }
}

inline void refuse_empty(const TaskOwner& task) {
    if (task.frame() == nullptr) {
        throw std::logic_error("nestling: an empty Task is awaited");
    }
}

inline void rethrow_first(const TaskGroup& group) {
    if (group.first() != nullptr) {
        std::rethrow_exception(group.first()->error());
    }
}

template <class... Ts>
Task<std::tuple<TaskValue<Ts>...>> all_of(std::tuple<Task<Ts>...> tasks) {
    TaskFrame& self = co_await ThisFrame();
    {
        TaskGroup group(self, TaskGroup::StopOthers::when_one_fails);
        std::apply([&group](auto&... task) { (group.start(task), ...); }, tasks);
        co_await group.all_ended();
        rethrow_first(group);
    }
    co_return std::apply([](auto&... task) { return std::tuple<TaskValue<Ts>...>(take_value(task)...); }, tasks);
}

template <class T>
Task<std::vector<TaskValue<T>>> all_in(std::vector<Task<T>> tasks) {
    TaskFrame& self = co_await ThisFrame();
    std::vector<TaskValue<T>> values;
    values.reserve(tasks.size());
    {
        TaskGroup group(self, TaskGroup::StopOthers::when_one_fails);
        for (Task<T>& task : tasks) {
            group.start(task);
        }
        co_await group.all_ended();
        rethrow_first(group);
    }
    for (Task<T>& task : tasks) {
        values.push_back(take_value(task));
    }
    co_return values;
}

}  // namespace async

/// Runs all of `tasks` at the same time and, when all have ended, gives their values in this order. The first that
/// throws has the others stopped; they are waited for, and what it threw is thrown. Throws std::logic_error at once if
/// one is empty.
template <class... Ts>
Task<std::tuple<TaskValue<Ts>...>> when_all(Task<Ts>... tasks) {
    (async::refuse_empty(tasks), ...);
    return async::all_of(std::tuple<Task<Ts>...>(std::move(tasks)...));
}

/// The same of any number of tasks, also none.
template <class T>
Task<std::vector<TaskValue<T>>> when_all(std::vector<Task<T>> tasks) {
    for (const Task<T>& task : tasks) {
        async::refuse_empty(task);
    }
    return async::all_in(std::move(tasks));
}

}  // namespace nestling
