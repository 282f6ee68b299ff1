// SPDX-License-Identifier: MIT
#include "loop/home_posts.hpp"

namespace nestling::loop {

HomePosts::~HomePosts() {
    free_all(read_chunk_);
    free_all(kept_);
}

void HomePosts::free_all(Chunk* chunk) noexcept {
    while (chunk != nullptr) {
        delete std::exchange(chunk, chunk->next);
    }
}

void HomePosts::add_chunk() {
    Chunk* const chunk = kept_ == nullptr ? new Chunk : std::exchange(kept_, kept_->next);
    chunk->next = nullptr;
    if (write_chunk_ == nullptr) {
        read_chunk_ = chunk;
        read_ = chunk->begin();
    } else {
        write_chunk_->next = chunk;
    }
    write_chunk_ = chunk;
    write_ = chunk->begin();
    write_end_ = chunk->end();
}

void HomePosts::Reader::follow() noexcept {
    leave();
    if (posts_.read_ == posts_.read_chunk_->end()) {
        Chunk& read = *std::exchange(posts_.read_chunk_, posts_.read_chunk_->next);
        posts_.read_ = posts_.read_chunk_->begin();
        if (read.readers == 0) {
            posts_.keep(read);
        }
    }
    enter();
}

}  // namespace nestling::loop
