// SPDX-License-Identifier: MIT
// A process that forks with a loop and threads, and a child that begins anew.
#include <sys/wait.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <cstdio>
#include <memory>
#include <optional>

namespace {

struct Engine {
    nestling::Context context;
    nestling::IoThread thread;
    std::shared_ptr<nestling::ThreadPool> pool = std::make_shared<nestling::ThreadPool>();
    nestling::WorkQueue queue{context, pool, "work"};

    int answer() {
        std::optional<int> result;
        if (queue.submit([] { return 42; }, [&](nestling::Outcome<int> outcome) { result = outcome.value(); })) {
            return -1;
        }
        while (!result) {
            context.poll(nestling::Wait::block);
        }
        return *result;
    }
};

}  // namespace

int main() {
    auto engine = std::make_unique<Engine>();
    const pid_t child = ::fork();
    if (child == 0) {
        // What was inherited can only be destroyed: that waits for nobody, and the parent does not notice.
        engine = std::make_unique<Engine>();
        ::_exit(engine->answer());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    std::printf("child %d, parent %d\n", WEXITSTATUS(status), engine->answer());
}
