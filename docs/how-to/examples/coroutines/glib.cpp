// SPDX-License-Identifier: MIT
#include <nestling-glib/async_call.hpp>
#include <nestling-glib/source.hpp>
#include <nestling/coroutines.hpp>

#include <cstdio>
#include <exception>

using namespace nestling;
using namespace std::chrono_literals;

Task<void> show(GFile* file) {
    const auto start = [&](GCancellable* cancellable, GAsyncReadyCallback callback, gpointer data) {
        g_file_load_bytes_async(file, cancellable, callback, data);
    };
    const auto finish = [](GObject* source, GAsyncResult* result, GError** error) {
        return g_file_load_bytes_finish(G_FILE(source), result, nullptr, error);
    };
    try {
        GBytes* const bytes = co_await with_timeout(5s, glib::async_call(start, finish));
        std::printf("%zu bytes\n", g_bytes_get_size(bytes));
        g_bytes_unref(bytes);
    } catch (const std::exception& error) {
        std::printf("%s\n", error.what());
    }
}

int main(int count, char** arguments) {
    const auto context = std::make_shared<Context>();
    const glib::Attachment attachment = glib::attach(context);
    GMainLoop* loop = g_main_loop_new(nullptr, FALSE);
    GFile* file = g_file_new_for_commandline_arg(count > 1 ? arguments[1] : arguments[0]);
    spawn(*context, "show", show(file), [loop](const Outcome<void>&) { g_main_loop_quit(loop); });
    g_main_loop_run(loop);
    g_object_unref(file);
    g_main_loop_unref(loop);
}
