// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <span>
#include <string_view>
#include <vector>

using namespace nestling;

void save(Context& context, IoQueue& queue, int file, std::string_view text) {
    std::vector<IoStep> steps(2);
    steps[0].operation = io::write(file, std::as_bytes(std::span(text)), 0);
    steps[1].operation = io::fsync(file);
    // Each step has a result; a success of the last one means that all went well.
    steps[0].done = [](IoResult result) { std::printf("written: %d\n", result.value); };
    steps[1].done = [](IoResult result) {
        std::printf("%s\n", result.ok() ? "it is on the disk" : result.error().message().c_str());
    };
    const IoRequest request = queue.start_chain(steps);
    while (request.is_pending()) {
        context.poll(Wait::block);
    }
}

int main() {
    Context context;
    IoQueue queue(context);
    const int file = ::memfd_create("example", MFD_CLOEXEC);
    save(context, queue, file, "hello");
    save(context, queue, -1, "hello");
    ::close(file);
}
