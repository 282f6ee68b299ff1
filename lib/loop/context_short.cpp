// SPDX-License-Identifier: MIT
// The short iterations, of a loop that has nothing to look at but what it has listed for itself.
#include "loop/context_core.hpp"

namespace nestling::loop {

bool ContextCore::poll(Wait wait) {
    assert_home("poll()");
    const std::uint64_t iteration = iterations_.get();
    if (iteration < short_until_ && queue_.is_quiet()) [[likely]] {
        const auto listed = queue_.listed_at_home();
        if (listed == 1 && !stack_.has_frames()) {
            if (BottomHalfNode* node = nullptr; queue_.take_only(node)) {
                iterations_.set(iteration + 1);
                return queue_.run_only(*node);
            }
            if (queue_.take_only_post()) {
                iterations_.set(iteration + 1);
                return queue_.run_only_post();
            }
        }
        if (listed != 0) {
            return poll_shortly();
        }
        if (wait == Wait::none && !fds_.needs_look()) {
            iterations_.set(iteration + 1);
            was_busy_ = false;
            return false;
        }
    }
    return poll_fully(wait);
}

}  // namespace nestling::loop
