// SPDX-License-Identifier: MIT
// A loop with three ailments, and what its doctor says of them.
#include <sys/eventfd.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

using namespace std::chrono_literals;

namespace {

std::atomic<int> findings[4];

void report(const nestling::Diagnosis& diagnosis) {
    std::printf("%s\n", diagnosis.text.c_str());
    ++findings[static_cast<int>(diagnosis.kind)];
}

bool has_found(nestling::Diagnosis::Kind kind) {
    return findings[static_cast<int>(kind)] != 0;
}

}  // namespace

int main() {
    nestling::ContextOptions options;
    options.name = "patient";
    nestling::IoThread thread(std::move(options));
    nestling::Context& context = *thread.context();
    nestling::LoopDoctorOptions rounds;
    rounds.period = 10ms;
    rounds.long_callback = 50ms;
    {
        const nestling::LoopDoctor doctor(context, report, rounds);

        // Sleeps where it must not.
        context.post("sleeper", [] {
            while (!has_found(nestling::Diagnosis::Kind::long_callback)) {
                std::this_thread::sleep_for(1ms);
            }
        });
        // Never reads what it is told of.
        const int fd = ::eventfd(1, EFD_CLOEXEC);
        nestling::FdHandler lazy(context, fd, "lazy reader",
                                 {.read = [] {}, .write = {}, .poll = {}, .poll_ready = {}});
        while (!has_found(nestling::Diagnosis::Kind::spinning)) {
            std::this_thread::sleep_for(1ms);
        }
        lazy.remove_and_wait();
        ::close(fd);
        for (const nestling::HandlerLoad& load : doctor.loads()) {
            std::printf("%-12s %llu calls\n", load.handle.c_str(), static_cast<unsigned long long>(load.calls));
        }
    }
    thread.stop();
}
