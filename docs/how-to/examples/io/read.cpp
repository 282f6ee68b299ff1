// SPDX-License-Identifier: MIT
#include <nestling/nestling.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>

using namespace nestling;

int main(int, char** arguments) {
    Context context;
    IoQueue queue(context);
    const char* const path = arguments[1];
    std::array<std::byte, 65536> buffer;
    std::size_t total = 0;
    int file = -1;
    bool has_ended = false;
    IoRequest request;

    Callback<void()> read_on;
    const auto have_read = [&](IoResult result) {
        if (!result.ok()) {
            std::printf("%s: %s\n", path, result.error().message().c_str());
        }
        if (result.value <= 0) {
            has_ended = true;
            return;
        }
        total += static_cast<std::size_t>(result.value);
        read_on();
    };
    read_on = [&] { request = queue.start(io::read(file, buffer, total), have_read); };
    request = queue.start(io::openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC), [&](IoResult result) {
        file = result.value;
        if (result.ok()) {
            read_on();
        } else {
            have_read(result);
        }
    });

    while (!has_ended) {
        context.poll(Wait::block);
    }
    std::printf("%zu bytes\n", total);
    ::close(file);
}
