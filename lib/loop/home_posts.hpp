// SPDX-License-Identifier: MIT
#pragma once

#include <nestling/callback.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace nestling::loop {

/// The functions that the home thread has posted and that have not run, oldest first. Home thread.
class HomePosts {
public:
    struct Post {
        const char* name = "";
        Callback<void()> callback;
    };

    [[nodiscard]] bool empty() const noexcept { return first_ == end_; }

    /// So that push() has room. May throw std::bad_alloc.
    void make_room() {
        if (end_ - first_ == size_) {
            grow();
        }
    }

    /// After make_room().
    void push(const char* name, Callback<void()>&& callback) noexcept {
        ::new (static_cast<void*>(&at(end_++))) Post{name, std::move(callback)};
    }

    /// Not empty. Moved out, because what it calls may push more.
    Post pop() noexcept {
        // What is left in the room is an empty callback, which needs no end.
        return std::move(at(first_++));
    }

private:
    static constexpr std::size_t first_size = 16;

    [[nodiscard]] Post& at(std::size_t index) const noexcept { return posts_[index & (size_ - 1)]; }

    void grow() {
        const std::size_t size = size_ == 0 ? first_size : 2 * size_;
        std::unique_ptr<Post[]> posts(new Post[size]);
        for (std::size_t index = first_; index != end_; ++index) {
            posts[index & (size - 1)] = std::move(at(index));
        }
        posts_ = std::move(posts);
        size_ = size;
    }

    std::unique_ptr<Post[]> posts_;
    std::size_t size_ = 0;
    std::size_t first_ = 0;
    std::size_t end_ = 0;
};

}  // namespace nestling::loop
