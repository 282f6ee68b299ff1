// SPDX-License-Identifier: MIT
//
// One operation of the library, over and over, for who counts instructions.
//
//   nestling-operations NAME COUNT      without arguments: the names
//
// Built with NESTLING_OPERATIONS_SLOWER each operation does a little more than it should.

#include <nestling/nestling.hpp>

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "slow_down.hpp"
#include "task_operations.hpp"

#if NESTLING_OPERATIONS_GLIB
#include <nestling-glib/source.hpp>
#endif

namespace {

using namespace nestling;

constexpr int batch = 1000;

void single(int count) {
    Context context;
    const BottomHalf half(context, "half", [] {});
    for (int at = 0; at < count; ++at) {
        half.schedule();
        slow_down(context);
        context.poll(Wait::none);
    }
}

void batched(int count) {
    Context context;
    std::vector<BottomHalf> halves;
    for (int at = 0; at < batch; ++at) {
        halves.emplace_back(context, "half", [] {});
    }
    for (int round = 0; round < count / batch; ++round) {
        for (const BottomHalf& half : halves) {
            half.schedule();
            slow_down(context);
        }
        context.poll(Wait::none);
    }
}

void coalesced(int count) {
    Context context;
    const BottomHalf half(context, "half", [] {});
    for (int at = 0; at < count; ++at) {
        half.schedule();
        slow_down(context);
    }
    context.poll(Wait::none);
}

void single_post(int count) {
    Context context;
    for (int at = 0; at < count; ++at) {
        context.post("post", [] {});
        slow_down(context);
        context.poll(Wait::none);
    }
}

void posts(int count) {
    Context context;
    for (int round = 0; round < count / batch; ++round) {
        for (int at = 0; at < batch; ++at) {
            context.post("post", [] {});
            slow_down(context);
        }
        context.poll(Wait::none);
    }
}

void empty(int count) {
    Context context;
    for (int at = 0; at < count; ++at) {
        slow_down(context);
        context.poll(Wait::none);
    }
}

void ready_fd(int count) {
    Context context;
    const int fd = ::eventfd(1, EFD_NONBLOCK);
    {
        const FdHandler handler(context, fd, "ready", {.read = [] {}, .write = {}, .poll = {}, .poll_ready = {}});
        for (int at = 0; at < count; ++at) {
            slow_down(context);
            context.poll(Wait::none);
        }
    }
    ::close(fd);
}

void timer(int count) {
    Context context;
    Timer one(context, "timer", [] {});
    const std::chrono::nanoseconds deadline = clock_now(Clock::monotonic) + std::chrono::hours(1);
    for (int at = 0; at < count; ++at) {
        one.arm_at(deadline);
        slow_down(context);
        one.cancel();
    }
}

#if NESTLING_OPERATIONS_GLIB
void under_glib(int count) {
    const auto context = std::make_shared<Context>();
    const BottomHalf half(*context, "half", [] {});
    GMainContext* main_context = g_main_context_new();
    {
        const glib::Attachment attachment = glib::attach(context, {}, main_context);
        for (int at = 0; at < count; ++at) {
            half.schedule();
            slow_down(*context);
            g_main_context_iteration(main_context, FALSE);
        }
    }
    g_main_context_unref(main_context);
}
#endif

struct Operation {
    const char* name;
    void (*run)(int count);
};

constexpr Operation operations[] = {
    {"single", &single},
    {"batch", &batched},
    {"coalesced", &coalesced},
    {"posts", &posts},
    {"empty", &empty},
    {"ready-fd", &ready_fd},
    {"arm-cancel", &timer},
    {"single-post", &single_post},
    {"task-child", &await_child},
    {"task-yield", &yield},
    {"task-sleep", &sleep_no_time},
    {"task-channel", &channel_round},
    {"task-hop", &hop_round},
    {"task-spawn", &spawn_one},
#if NESTLING_OPERATIONS_GLIB
    {"under-glib", &under_glib},
#endif
};

}  // namespace

int main(int argument_count, char** arguments) {
    for (const Operation& operation : operations) {
        if (argument_count < 3) {
            std::puts(operation.name);
        } else if (std::strcmp(arguments[1], operation.name) == 0) {
            operation.run(std::atoi(arguments[2]));
            return 0;
        }
    }
    return argument_count < 3 ? 0 : 2;
}
