// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/callback.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace nestling::loop {

/// The functions that the home thread has posted and that have not run, oldest first. Home thread.
///
/// They stand in chunks that never move, so that each is called where it is, whatever it posts or polls meanwhile. A
/// chunk that has been read is used again when nobody reads in it any more.
class HomePosts {
public:
    struct Post {
        const char* name = "";
        Callback<void()> callback;
    };

    HomePosts() noexcept = default;
    HomePosts(const HomePosts&) = delete;
    HomePosts& operator=(const HomePosts&) = delete;
    ~HomePosts();

    [[nodiscard]] bool has_room() const noexcept { return write_ != write_end_; }
    /// So that there is room. May throw std::bad_alloc.
    void make_room() {
        if (!has_room()) {
            add_chunk();
        }
    }

    /// When there is room.
    void push(const char* name, Callback<void()>&& callback) noexcept {
        // What is in the room is an empty callback, which needs no end.
        ::new (static_cast<void*>(write_++)) Post{name, std::move(callback)};
    }

    /// There is one post only. False also where it is the first of its chunk.
    [[nodiscard]] bool has_only_one() const noexcept {
        // As numbers: there may be no chunk, and the two may be in different ones.
        return reinterpret_cast<std::uintptr_t>(read_) + sizeof(Post) == reinterpret_cast<std::uintptr_t>(write_);
    }
    /// When there is only one: it is moved out, and its place is free again.
    [[nodiscard]] Post take_only() noexcept {
        write_ = read_;
        return Post{read_->name, std::move(read_->callback)};
    }

private:
    struct Chunk {
        // With what malloc keeps beside it, a kilobyte where pointers have 8 bytes.
        static constexpr std::size_t size = 31;

        [[nodiscard]] Post* begin() noexcept { return posts.data(); }
        [[nodiscard]] Post* end() noexcept { return posts.data() + size; }

        Chunk* next = nullptr;
        /// How many read in it.
        std::size_t readers = 0;
        std::array<Post, size> posts;
    };

public:
    /// Reads posts one by one. Each stays where it is as long as its reader; readers nest, and read in turn.
    class Reader {
    public:
        explicit Reader(HomePosts& posts) noexcept : posts_(posts) { enter(); }
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        ~Reader() { leave(); }

        /// Not empty. Who has called it resets the callback.
        [[nodiscard]] Post& next() noexcept {
            if (posts_.read_chunk_ != chunk_ || posts_.read_ == chunk_->end()) [[unlikely]] {
                follow();
            }
            return *posts_.read_++;
        }

    private:
        void enter() noexcept {
            chunk_ = posts_.read_chunk_;
            ++chunk_->readers;
        }
        void leave() noexcept {
            if (--chunk_->readers == 0 && chunk_ != posts_.read_chunk_) {
                posts_.keep(*chunk_);
            }
        }
        void follow() noexcept;

        HomePosts& posts_;
        Chunk* chunk_;
    };

private:
    void add_chunk();
    void keep(Chunk& chunk) noexcept { chunk.next = std::exchange(kept_, &chunk); }
    static void free_all(Chunk* chunk) noexcept;

    Post* write_ = nullptr;
    Post* write_end_ = nullptr;
    Post* read_ = nullptr;
    /// From here on, by `next`, up to the one that is written.
    Chunk* read_chunk_ = nullptr;
    Chunk* write_chunk_ = nullptr;
    /// Empty ones.
    Chunk* kept_ = nullptr;
};

}  // namespace nestling::loop
