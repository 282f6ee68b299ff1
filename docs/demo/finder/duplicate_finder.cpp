// SPDX-License-Identifier: MIT
#include "finder/duplicate_finder.hpp"

#include <utility>

namespace demo {

DuplicateFinder::DuplicateFinder(Delivery& delivery, FinderOptions options, FinderObserver& observer)
    : delivery_(delivery), options_(std::move(options)), observer_(observer) {}

void DuplicateFinder::start() {
    delivery_.walk(Walker(options_.roots, options_.links), *this);
}

void DuplicateFinder::interrupt() {
    if (!finished_) {
        finished_ = true;
        interrupted_ = true;
        backlog_.clear();
        observer_.on_finished();
    }
}

void DuplicateFinder::on_batch(WalkBatch batch) {
    if (finished_) {
        return;
    }
    progress_.folders += batch.folders;
    progress_.skipped += batch.skipped;
    for (Problem& problem : batch.problems) {
        report(std::move(problem));
    }
    for (FoundFile& file : batch.files) {
        found(std::move(file));
    }
    if (batch.last) {
        progress_.walk_finished = true;
        observer_.on_walk_finished();
    }
    pump();
    finish_if_done();
}

void DuplicateFinder::found(FoundFile file) {
    ++progress_.files;
    if (file.size < options_.min_size) {
        ++progress_.too_small;
        return;
    }
    const auto [known, is_new] = copy_by_inode_.try_emplace({file.device, file.inode}, copies_.size());
    if (is_new) {
        progress_.bytes += file.size;
        copies_.emplace_back();
        copies_.back().names.push_back(file.path);
        copies_.back().file = std::make_shared<const FoundFile>(std::move(file));
        join_size(known->second);
        return;
    }
    Copy& copy = copies_[known->second];
    copy.names.push_back(file.path);
    if (copy.group != Copy::no_group) {
        ++groups_[copy.group].version;
    }
    if (copy.unreadable) {
        // The names before this one could not be opened; that need not be so for this one.
        try_name(known->second, copy.names.size() - 1, file.links);
    }
}

void DuplicateFinder::try_name(std::size_t index, std::size_t name, Links links) {
    Copy& copy = copies_[index];
    copy.unreadable = false;
    copy.tried = name;
    // All but the name stays as it was found first: whether the file has changed is asked of that.
    auto file = std::make_shared<FoundFile>(*copy.file);
    file->path = copy.names[name];
    file->links = links;
    copy.file = std::move(file);
    compare(index, copy.stage);
}

void DuplicateFinder::join_size(std::size_t copy) {
    const std::uint64_t size = copies_[copy].file->size;
    const Stage stage = size >= prefix_from_size ? Stage::prefix : Stage::full;
    Class& same_size = sizes_[size];
    if (++same_size.members == 1) {
        same_size.first = copy;
        return;
    }
    if (same_size.first) {
        compare(*std::exchange(same_size.first, std::nullopt), stage);
    }
    compare(copy, stage);
}

void DuplicateFinder::join_prefix(std::size_t copy, const Digest& digest) {
    Class& same_prefix = prefixes_[{copies_[copy].file->size, digest}];
    if (++same_prefix.members == 1) {
        same_prefix.first = copy;
        return;
    }
    if (same_prefix.first) {
        compare(*std::exchange(same_prefix.first, std::nullopt), Stage::full);
    }
    compare(copy, Stage::full);
}

void DuplicateFinder::join_group(std::size_t copy, const Digest& digest) {
    const std::uint64_t size = copies_[copy].file->size;
    Class& same_content = contents_[{size, digest}];
    if (++same_content.members == 1) {
        same_content.first = copy;
        return;
    }
    if (!same_content.group) {
        same_content.group = groups_.size();
        copies_[*same_content.first].group = groups_.size();
        groups_.push_back({size, digest, {*same_content.first}, 0});
        ++progress_.groups;
        ++progress_.duplicates;
    }
    Group& group = groups_[*same_content.group];
    copies_[copy].group = *same_content.group;
    group.copies.push_back(copy);
    ++group.version;
    ++progress_.duplicates;
    progress_.wasted += size;
}

void DuplicateFinder::compare(std::size_t copy, Stage stage) {
    const std::shared_ptr<const FoundFile>& file = copies_[copy].file;
    copies_[copy].stage = stage;
    ++progress_.jobs;
    progress_.job_bytes += stage == Stage::prefix ? prefix_bytes : file->size;
    backlog_.push_back({file, copy, stage});
}

void DuplicateFinder::on_hashed(HashResult result) {
    if (finished_) {
        return;
    }
    --in_flight_;
    const HashRequest& request = result.request;
    ++progress_.jobs_done;
    progress_.job_bytes_done += request.stage == Stage::prefix ? prefix_bytes : request.file->size;
    progress_.bytes_read += result.bytes_read;
    if (result.status != HashResult::Status::hashed) {
        failed(result);
    } else if (request.stage == Stage::prefix) {
        join_prefix(request.copy, result.digest);
    } else {
        join_group(request.copy, result.digest);
    }
    pump();
    finish_if_done();
}

void DuplicateFinder::failed(const HashResult& result) {
    report({Problem::Kind::error, result.request.file->path, result.error});
    Copy& copy = copies_[result.request.copy];
    copy.unreadable = true;
    if (copy.tried + 1 < copy.names.size()) {
        // Which of the names are links is not kept; the inode is compared after opening anyway.
        try_name(result.request.copy, copy.tried + 1, options_.links);
    }
}

void DuplicateFinder::report(Problem problem) {
    ++(problem.kind == Problem::Kind::error ? progress_.errors : progress_.notes);
    observer_.on_problem(problem);
}

void DuplicateFinder::pump() {
    while (!backlog_.empty()) {
        if (!delivery_.submit(backlog_.front())) {
            ++progress_.refused;
            return;
        }
        ++in_flight_;
        backlog_.pop_front();
    }
}

void DuplicateFinder::finish_if_done() {
    if (!finished_ && progress_.walk_finished && backlog_.empty() && in_flight_ == 0) {
        finished_ = true;
        observer_.on_finished();
    }
}

}  // namespace demo
