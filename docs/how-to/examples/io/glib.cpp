// SPDX-License-Identifier: MIT
#include <nestling-glib/source.hpp>
#include <nestling/nestling.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>

using namespace nestling;

int main(int, char** arguments) {
    const auto context = std::make_shared<Context>();
    const glib::Attachment attachment = glib::attach(context);
    IoQueue queue(*context);
    GMainLoop* const loop = g_main_loop_new(nullptr, FALSE);
    struct statx status {};
    const IoRequest request =
        queue.start(io::statx(AT_FDCWD, arguments[1], 0, STATX_SIZE, &status), [&](IoResult result) {
            if (result.ok()) {
                std::printf("%llu bytes\n", static_cast<unsigned long long>(status.stx_size));
            }
            g_main_loop_quit(loop);
        });
    g_main_loop_run(loop);
    g_main_loop_unref(loop);
}
