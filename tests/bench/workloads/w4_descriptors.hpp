// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <deque>
#include <utility>
#include <vector>

#include "bench/workloads/fixture.hpp"

/// W4: one ready descriptor among many that are idle, and registering many.
namespace bench {

/// Reads its descriptor when it is ready.
struct Reader {
    int fd;
    bool* seen;
    Hook hook;
};

inline void read_one(void* data) {
    const auto* reader = static_cast<const Reader*>(data);
    drain_fd(reader->fd);
    *reader->seen = true;
}

/// At fixed addresses, as loops want them.
inline std::deque<Reader> make_readers(std::size_t number, bool& seen) {
    std::deque<Reader> readers;
    for (std::size_t index = 0; index < number; ++index) {
        Reader& reader = readers.emplace_back(Reader{event_fd(index), &seen, {}});
        reader.hook = {&read_one, &reader};
    }
    return readers;
}

template <Watches L>
Outcome w4_ready(const Effort& effort, std::size_t number) {
    bool seen = false;
    const std::deque<Reader> readers = make_readers(number, seen);
    return with_loop<L>([&](L& loop) {
        for (const Reader& reader : readers) {
            loop.watch(reader.fd, reader.hook);
        }
        std::size_t turn = 0;
        return median_chunk(effort, [&] {
            seen = false;
            signal_fd(readers[turn % number].fd);
            while (!seen) {
                loop.wait();
            }
            turn += 7919;  // a prime, so that all of them have their turn
        });
    });
}

/// With one iteration at the end, for those who tell the kernel only then.
template <Watches L>
Outcome w4_register(const Effort& effort) {
    constexpr std::size_t number = 10000;
    bool seen = false;
    const std::deque<Reader> readers = make_readers(number, seen);
    std::vector<double> values;
    const std::int64_t end = now_ns() + effort.budget_ns;
    do {
        const Outcome value = with_loop<L>([&](L& loop) -> Outcome {
            const std::int64_t start = now_ns();
            for (const Reader& reader : readers) {
                loop.watch(reader.fd, reader.hook);
            }
            loop.turn();
            return static_cast<double>(now_ns() - start) / static_cast<double>(number);
        });
        values.push_back(*value);
    } while (now_ns() < end);
    return median_of(std::move(values));
}

}  // namespace bench
