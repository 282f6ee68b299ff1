// SPDX-License-Identifier: MIT
#include <nestling/coroutines.hpp>
#include <nestling/nestling.hpp>

#include <cstdio>

using namespace nestling;
using namespace std::chrono_literals;

Task<int> answer() {
    co_await sleep_for(10ms);
    co_return 42;
}

Task<void> ask() {
    const int number = co_await answer();
    std::printf("the answer is %d\n", number);
}

int main() {
    Context context;
    bool has_ended = false;
    spawn(context, "ask", ask(), [&](const Outcome<void>&) { has_ended = true; });
    while (!has_ended) {
        context.poll(Wait::block);
    }
}
