// SPDX-License-Identifier: MIT
// Tasks and GLib: what calls back by a GAsyncReadyCallback, awaited, in a context that is nested in a GMainContext.
#include <nestling-glib/async_call.hpp>
#include <nestling-glib/await.hpp>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "coroutine/running.hpp"
#include "glib/settings.hpp"
#include "support/testing.hpp"

namespace nestling::testing {

namespace {

using namespace std::chrono_literals;

/// A context nested in a GMainContext that is the thread's default one, as in a program with a GMainLoop.
struct World {
    Nested nested;
    ThreadDefault here{nested.main};

    [[nodiscard]] Context& context() const { return *nested.context; }
    void settle() const { nested.main.settle(); }
};

/// A file of the test's own.
class File {
public:
    explicit File(const std::string& text) {
        GFileIOStream* stream = nullptr;
        file_.reset(g_file_new_tmp("nestling-XXXXXX", &stream, nullptr));
        REQUIRE(file_ != nullptr);
        REQUIRE(g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(stream)), text.data(), text.size(),
                                          nullptr, nullptr, nullptr) != FALSE);
        g_object_unref(stream);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { g_file_delete(file_.get(), nullptr, nullptr); }
    [[nodiscard]] GFile* get() const { return file_.get(); }

private:
    glib::ObjectPtr<GFile> file_;
};

/// An asynchronous function whose end the test decides.
class Slow {
public:
    void start(GCancellable* cancellable, GAsyncReadyCallback callback, gpointer data) {
        task_.reset(g_task_new(nullptr, cancellable, callback, data));
        g_task_set_return_on_cancel(task_.get(), FALSE);
    }
    [[nodiscard]] bool is_started() const { return task_ != nullptr; }
    [[nodiscard]] bool is_cancelled() const { return g_cancellable_is_cancelled(g_task_get_cancellable(task_.get())); }
    void end(int value) {
        g_task_return_int(task_.get(), value);
        task_.reset();
    }
    /// As a function does that was done before it was cancelled.
    void end_in_spite(int value) {
        g_task_set_check_cancellable(task_.get(), FALSE);
        end(value);
    }
    /// As a function does that minds its cancellable.
    void end_cancelled() {
        g_task_return_error_if_cancelled(task_.get());
        task_.reset();
    }
    auto starter() {
        return [this](GCancellable* cancellable, GAsyncReadyCallback callback, gpointer data) {
            start(cancellable, callback, data);
        };
    }

private:
    glib::ObjectPtr<GTask> task_;
};

int finish_int(GObject* /*source*/, GAsyncResult* result, GError** error) {
    return static_cast<int>(g_task_propagate_int(G_TASK(result), error));
}

Task<int> wait_for(Slow& slow, Counted /*held*/) {
    const int value = co_await glib::async_call(slow.starter(), finish_int);
    co_return value;
}

}  // namespace

TEST_CASE("a task loads a file through GIO, and goes on at home when it is there", "[glib]") {
    const World world;
    const File file("what is in the file");
    std::string text;
    bool is_home = false;
    const auto body = [&]() -> Task<void> {
        const glib::AsyncReady ready =
            co_await glib::await_ready([&](GCancellable* cancellable, GAsyncReadyCallback callback, gpointer data) {
                g_file_load_contents_async(file.get(), cancellable, callback, data);
            });
        char* contents = nullptr;
        gsize length = 0;
        glib::ErrorOut error;
        g_file_load_contents_finish(G_FILE(ready.source.get()), ready.result.get(), &contents, &length, nullptr,
                                    error.get());
        error.check();
        text.assign(contents, length);
        g_free(contents);
        is_home = world.context().is_home();
    };
    bool has_ended = false;
    spawn(world.context(), "load", body(), [&](const Outcome<void>&) { has_ended = true; });
    world.nested.main.run_until([&] { return has_ended; });
    CHECK(text == "what is in the file");
    CHECK(is_home);
}

TEST_CASE("an asynchronous function and its finish function are one task; its error is thrown") {
    const World world;
    std::string error;
    bool matches = false;
    const glib::ObjectPtr<GFile> missing(g_file_new_for_path("/nonexistent/nestling"));
    const auto body = [&]() -> Task<GBytes*> {
        const auto start = [&](GCancellable* cancellable, GAsyncReadyCallback callback, gpointer data) {
            g_file_load_bytes_async(missing.get(), cancellable, callback, data);
        };
        const auto finish = [](GObject* source, GAsyncResult* result, GError** failed) {
            return g_file_load_bytes_finish(G_FILE(source), result, nullptr, failed);
        };
        GBytes* const bytes = co_await glib::async_call(start, finish);
        co_return bytes;
    };
    bool has_ended = false;
    spawn(world.context(), "load", body(), [&](Outcome<GBytes*> outcome) {
        has_ended = true;
        try {
            outcome.value();
        } catch (const glib::Failure& failure) {
            error = failure.what();
            matches = failure.matches(G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
        }
    });
    world.nested.main.run_until([&] { return has_ended; });
    CHECK(matches);
    CHECK_FALSE(error.empty());
}

TEST_CASE("a task is resumed by its context, not in the callback of GLib") {
    const World world;
    int living = 0;
    Slow slow;
    std::optional<int> value;
    spawn(world.context(), "wait", wait_for(slow, Counted(living)),
          [&](Outcome<int> outcome) { value = outcome.value(); });
    world.settle();
    REQUIRE(slow.is_started());
    CHECK_FALSE(value);
    slow.end(5);
    world.settle();
    CHECK(value == 5);
    CHECK(living == 0);
}

TEST_CASE("a task that is stopped cancels the GCancellable, and goes on when the function has called back") {
    const World world;
    int living = 0;
    Slow slow;
    std::stop_source source;
    std::optional<Outcome<int>> ended;
    spawn(
        world.context(), "wait", wait_for(slow, Counted(living)),
        [&](Outcome<int> outcome) { ended.emplace(std::move(outcome)); }, source.get_token());
    world.settle();
    CHECK_FALSE(slow.is_cancelled());
    std::thread([&] { source.request_stop(); }).join();
    world.settle();
    CHECK(slow.is_cancelled());
    CHECK_FALSE(ended);
    SECTION("as cancelled") {
        slow.end_cancelled();
        world.settle();
        REQUIRE(ended);
        CHECK(ended->cancelled());
    }
    SECTION("with a value after all") {
        slow.end_in_spite(6);
        world.settle();
        REQUIRE(ended);
        CHECK(ended->value() == 6);
    }
    CHECK(living == 0);
}

TEST_CASE("a task that is to stop before it begins starts nothing") {
    const World world;
    int living = 0;
    Slow slow;
    std::stop_source source;
    source.request_stop();
    bool was_cancelled = false;
    spawn(
        world.context(), "wait", wait_for(slow, Counted(living)),
        [&](const Outcome<int>& outcome) { was_cancelled = outcome.cancelled(); }, source.get_token());
    world.settle();
    CHECK(was_cancelled);
    CHECK_FALSE(slow.is_started());
}

TEST_CASE("a task that is destroyed cancels what it waits for, whose callback finds nobody") {
    const World world;
    int living = 0;
    Slow slow;
    {
        const TaskHandle handle = spawn_held(world.context(), "wait", wait_for(slow, Counted(living)));
        world.settle();
        CHECK(living == 1);
    }
    CHECK(living == 0);
    REQUIRE(slow.is_started());
    CHECK(slow.is_cancelled());
    slow.end_cancelled();
    world.settle();
}

TEST_CASE("a callback may come on another thread; the task goes on at home") {
    const World world;
    bool is_home = false;
    const auto body = [&]() -> Task<void> {
        co_await glib::await_ready([](GCancellable* cancellable, GAsyncReadyCallback callback, gpointer data) {
            // Not as GIO does it, but as functions exist that do.
            std::thread([=] {
                GTask* task = g_task_new(nullptr, cancellable, nullptr, nullptr);
                callback(nullptr, G_ASYNC_RESULT(task), data);
                g_object_unref(task);
            }).join();
        });
        is_home = world.context().is_home();
    };
    bool has_ended = false;
    spawn(world.context(), "task", body(), [&](const Outcome<void>&) { has_ended = true; });
    world.nested.main.run_until([&] { return has_ended; });
    CHECK(is_home);
}

TEST_CASE("a callback of GLib spawns a task, which sleeps and waits while the main loop runs") {
    const World world;
    struct Click {
        Context& context;
        bool has_ended = false;
        static Task<void> answer(Click& click) {
            co_await sleep_for(1ms);
            click.has_ended = click.context.is_home();
        }
    } click{world.context()};
    GSource* idle = g_idle_source_new();
    g_source_set_callback(
        idle,
        [](gpointer data) -> gboolean {
            auto& clicked = *static_cast<Click*>(data);
            spawn(clicked.context, "click", Click::answer(clicked));
            return G_SOURCE_REMOVE;
        },
        &click, nullptr);
    g_source_attach(idle, world.nested.main.get());
    g_source_unref(idle);
    world.nested.main.run_until([&] { return click.has_ended; });
    CHECK(click.has_ended);
}

}  // namespace nestling::testing
