// SPDX-License-Identifier: MIT

// A program of somebody else: it sees nothing but what is installed.
#include <cstdio>
#include <memory>
#include <thread>

#include <nestling/nestling.hpp>
#if defined(CONSUMER_GLIB)
#include <nestling-glib/source.hpp>
#endif

int main() {
    int calls = 0;
    const auto context = std::make_shared<nestling::Context>();
    {
        const nestling::BottomHalf half(*context, "consumer", [&calls] { ++calls; });
        std::thread other([&half] { half.schedule(); });
        while (calls == 0) {
            context->poll(nestling::Wait::block);
        }
        other.join();
    }
#if defined(CONSUMER_GLIB)
    GMainLoop* loop = g_main_loop_new(nullptr, FALSE);
    {
        const nestling::glib::Attachment attachment = nestling::glib::attach(context);
        const nestling::BottomHalf half(*context, "quit", [&calls, loop] {
            ++calls;
            g_main_loop_quit(loop);
        });
        half.schedule();
        g_main_loop_run(loop);
    }
    g_main_loop_unref(loop);
    const int expected = 2;
#else
    const int expected = 1;
#endif
    std::printf("Nestling %s: %d calls\n", NESTLING_VERSION, calls);
    return calls == expected ? 0 : 1;
}
