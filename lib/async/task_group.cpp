// SPDX-License-Identifier: MIT
#include <nestling/task_group.hpp>

#include <stdexcept>

namespace nestling::async {

void TaskGroup::start(TaskOwner& task) {
    if (task.frame() == nullptr) {
        throw std::logic_error("nestling: an empty Task is awaited");
    }
    ++left_;
    task.frame()->run_in_group(outer_, *this, scope_.token());
}

bool TaskGroup::ended(TaskFrame& task) noexcept {
    if (first_ == nullptr && (when_ == StopOthers::when_one_ends || task.has_failed())) {
        first_ = &task;
        scope_.request_stop();
    }
    return --left_ == 0;
}

}  // namespace nestling::async
