// SPDX-License-Identifier: MIT
#include "task_operations.hpp"

#include <nestling/coroutines.hpp>

#include <chrono>
#include <utility>

#include "slow_down.hpp"

namespace {

using namespace nestling;

Task<int> child() {
    co_return 1;
}

Task<void> await_children(Context& context, int count) {
    for (int at = 0; at < count; ++at) {
        slow_down(context);
        co_await child();
    }
}

Task<void> yield_often(Context& context, int count) {
    for (int at = 0; at < count; ++at) {
        slow_down(context);
        co_await this_task::yield();
    }
}

Task<void> sleep_often(Context& context, int count) {
    for (int at = 0; at < count; ++at) {
        slow_down(context);
        co_await sleep_for(std::chrono::nanoseconds(0));
    }
}

Task<void> ask(Context& context, Channel<int>& there, Channel<int>& back, int count) {
    for (int at = 0; at < count; ++at) {
        slow_down(context);
        int item = at;
        co_await there.send(std::move(item));
        co_await back.receive();
    }
    there.close();
}

Task<void> answer(Channel<int>& there, Channel<int>& back) {
    while (std::optional<int> item = co_await there.receive()) {
        co_await back.send(std::move(*item));
    }
}

Task<void> hop(Context& here, Context& there, int count) {
    for (int at = 0; at < count; ++at) {
        slow_down(here);
        co_await resume_on(there);
        co_await resume_on(here);
    }
}

void run(Context& context, Task<void> task) {
    bool has_ended = false;
    spawn(context, "task", std::move(task), [&has_ended](const Outcome<void>&) { has_ended = true; });
    while (!has_ended) {
        context.poll(Wait::none);
    }
}

}  // namespace

void await_child(int count) {
    Context context;
    run(context, await_children(context, count));
}

void yield(int count) {
    Context context;
    run(context, yield_often(context, count));
}

void sleep_no_time(int count) {
    Context context;
    run(context, sleep_often(context, count));
}

void channel_round(int count) {
    Context context;
    Channel<int> there(1);
    Channel<int> back(1);
    spawn(context, "answer", answer(there, back));
    run(context, ask(context, there, back, count));
    while (context.poll(Wait::none)) {
    }
}

void hop_round(int count) {
    Context here;
    Context there;
    bool has_ended = false;
    spawn(here, "hop", hop(here, there, count), [&has_ended](const Outcome<void>&) { has_ended = true; });
    while (!has_ended) {
        here.poll(Wait::none);
        there.poll(Wait::none);
    }
}

void spawn_one(int count) {
    Context context;
    for (int at = 0; at < count; ++at) {
        slow_down(context);
        run(context, await_children(context, 0));
    }
}
