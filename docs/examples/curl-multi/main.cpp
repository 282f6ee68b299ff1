// SPDX-License-Identifier: MIT
//
// Fetches URLs at the same time on an I/O thread, and prints a line for each.
//
//   curl-multi URL...
#include <cstdio>
#include <optional>

#include "curl_loop.hpp"

int main(int argument_count, char** arguments) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int failed = 0;
    {
        // This thread waits for the other one by a loop of its own.
        nestling::Context here;
        nestling::IoThread thread;
        std::optional<example::CurlLoop> loop;
        int left = argument_count - 1;
        thread.context()->post("fetch", [&] {
            loop.emplace(*thread.context());
            for (int at = 1; at < argument_count; ++at) {
                loop->fetch(arguments[at], [&, at](example::Fetched got) {
                    here.post("fetched", [&, at, got] {
                        std::printf("%s: %s, status %ld, %zu bytes\n", arguments[at], curl_easy_strerror(got.code),
                                    got.status, got.body.size());
                        failed += got.code == CURLE_OK && got.status < 400 ? 0 : 1;
                        --left;
                    });
                });
            }
        });
        while (left != 0) {
            here.poll(nestling::Wait::block);
        }
        thread.context()->post("end", [&] { loop.reset(); });
        thread.stop();
    }
    curl_global_cleanup();
    return failed == 0 ? 0 : 1;
}
