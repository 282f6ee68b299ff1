// SPDX-License-Identifier: MIT
#include <nestling/coroutines.hpp>
#include <nestling/nestling.hpp>

#include <cstdio>
#include <memory>
#include <string>

using namespace nestling;

std::string compute(const std::string& text) {
    return text + ", computed";
}

Task<void> convert(Context& home, std::shared_ptr<ThreadPool> pool, Channel<std::string>& results) {
    std::string text = co_await run_in_pool(pool, [] { return compute("pool"); });
    std::printf("%s, and %s\n", text.c_str(), home.is_home() ? "home again" : "lost");
    co_await results.send(std::move(text));
    results.close();
}

Task<void> print(Context& here, Channel<std::string>& results) {
    while (const std::optional<std::string> text = co_await results.receive()) {
        std::printf("%s: %s\n", here.is_home() ? "on the other thread" : "lost", text->c_str());
    }
}

Task<void> visit(Context& there) {
    co_await resume_on(there);
    std::printf("%s\n", there.is_home() ? "visiting" : "lost");
}

int main() {
    Context context;
    IoThread thread;
    Channel<std::string> results(4);
    const auto pool = std::make_shared<ThreadPool>();
    int running = 2;
    const auto ended = [&running](const Outcome<void>&) { --running; };
    spawn(context, "visit", visit(*thread.context()), ended);
    spawn(context, "convert", convert(context, pool, results), ended);
    while (running != 0) {
        context.poll(Wait::block);
    }
    spawn(*thread.context(), "print", print(*thread.context(), results));
    thread.stop();
}
