// SPDX-License-Identifier: MIT
#include <signal.h>
#include <nestling/nestling.hpp>

#include <cerrno>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "operation/failing_calls.hpp"
#include "operation/run_there.hpp"
#include "operation/test_child.hpp"
#include "support/open_fds.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {

constexpr bool has_pidfd = NESTLING_TEST_PIDFD != 0;

/// Both ways to wait, one after the other.
class EachChildForm {
public:
    EachChildForm() {
        if (form == ChildForm::polling) {
            refused_.emplace(Call::pidfd_open, GENERATE(ENOSYS, EPERM));
        }
    }
    const ChildForm form = has_pidfd ? GENERATE(ChildForm::pidfd, ChildForm::polling) : ChildForm::polling;

private:
    std::optional<FailingCall> refused_;
};

struct SeenEnds {
    std::vector<ChildStatus> ends;
    auto note() {
        return [this](ChildStatus end) { ends.push_back(end); };
    }
};

}  // namespace

TEST_CASE("a child watch tells how a child has ended, once, and no zombie stays", "[child]") {
    const EachChildForm each;
    Context context;
    SeenEnds seen;
    SECTION("it exits") {
        TestChild child(7);
        const ChildWatch watch(context, child.pid(), "child", seen.note());
        CHECK(watch.form() == each.form);
        CHECK(watch.pid() == child.pid());
        context.poll(Wait::none);
        CHECK(seen.ends.empty());
        child.let_go();
        poll_until(context, [&] { return !seen.ends.empty(); });
        CHECK(seen.ends[0].kind == ChildStatus::Kind::exited);
        CHECK(seen.ends[0].value == 7);
        CHECK_FALSE(seen.ends[0].is_success());
        CHECK_FALSE(child.reap());
    }
    SECTION("it is killed") {
        TestChild child;
        const ChildWatch watch(context, child.pid(), "child", seen.note());
        ::kill(child.pid(), SIGKILL);
        poll_until(context, [&] { return !seen.ends.empty(); });
        CHECK(seen.ends[0].kind == ChildStatus::Kind::killed);
        CHECK(seen.ends[0].value == SIGKILL);
        CHECK_FALSE(child.reap());
    }
    context.poll(Wait::none);
    CHECK(seen.ends.size() == 1);
}

TEST_CASE("a child that ended before it was watched is told of, and not inside the constructor", "[child]") {
    const EachChildForm each;
    Context context;
    SeenEnds seen;
    TestChild child;
    child.let_end();
    const ChildWatch watch(context, child.pid(), "child", seen.note());
    CHECK(seen.ends.empty());
    poll_until(context, [&] { return !seen.ends.empty(); });
    CHECK(seen.ends[0].is_success());
}

TEST_CASE("a child whose end somebody else has taken is told of, with a status that is unknown", "[child]") {
    const EachChildForm each;
    Context context;
    SeenEnds seen;
    TestChild child;
    SECTION("before it was watched") {
        child.let_go();
        CHECK(child.reap());
        const ChildWatch watch(context, child.pid(), "child", seen.note());
        CHECK(seen.ends.empty());
        poll_until(context, [&] { return !seen.ends.empty(); });
    }
    SECTION("while it was watched") {
        const ChildWatch watch(context, child.pid(), "child", seen.note());
        child.let_go();
        CHECK(child.reap());
        poll_until(context, [&] { return !seen.ends.empty(); });
    }
    SECTION("by the system, because SIGCHLD is ignored") {
        struct sigaction ignore {};
        ignore.sa_handler = SIG_IGN;
        struct sigaction before {};
        ::sigaction(SIGCHLD, &ignore, &before);
        const ChildWatch watch(context, child.pid(), "child", seen.note());
        child.let_go();
        poll_until(context, [&] { return !seen.ends.empty(); });
        ::sigaction(SIGCHLD, &before, nullptr);
    }
    CHECK(seen.ends.size() == 1);
    CHECK(seen.ends[0].kind == ChildStatus::Kind::unknown);
}

TEST_CASE("a watch that goes before its child leaves the child to who started it", "[child]") {
    const EachChildForm each;
    Context context;
    SeenEnds seen;
    TestChild child;
    child.let_end();
    const std::size_t before = count_open_fds();
    {
        const ChildWatch watch(context, child.pid(), "child", seen.note());
        CHECK(count_open_fds() == before + (each.form == ChildForm::pidfd ? 1 : 0));
    }
    CHECK(count_open_fds() == before);
    context.poll(Wait::none);
    CHECK(seen.ends.empty());
    CHECK(child.reap());
}

TEST_CASE("a child watch may be destroyed in its callback, moved, and thrown out of", "[child]") {
    const EachChildForm each;
    int thrown = 0;
    ContextOptions options;
    options.on_exception = [&](const std::exception_ptr&, const char* name) {
        thrown += std::string(name) == "child" ? 1 : 0;
    };
    Context context(std::move(options));
    TestChild child;
    int calls = 0;
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> left = owned;
    ChildWatch first;
    CHECK_FALSE(first);
    ChildWatch second(context, child.pid(), "child", [&, owned](ChildStatus) {
        ++calls;
        first = ChildWatch();
        throw 1;
    });
    owned.reset();
    first = std::move(second);
    CHECK(first);
    child.let_go();
    poll_until(context, [&] { return calls != 0; });
    CHECK(thrown == 1);
    CHECK(left.expired());
    CHECK_FALSE(child.reap());
}

TEST_CASE("a wait that a signal interrupts is made again", "[child]") {
    const EachChildForm each;
    Context context;
    SeenEnds seen;
    TestChild child(3);
    child.let_end();
    const FailingCall interrupted(Call::waitid, EINTR, 5);
    const ChildWatch watch(context, child.pid(), "child", seen.note());
    poll_until(context, [&] { return !seen.ends.empty(); });
    CHECK(interrupted.count() == 5);
    CHECK(seen.ends[0].value == 3);
}

TEST_CASE("a kernel that has process descriptors and cannot wait for them is asked for the number", "[child]") {
    if (!has_pidfd) {
        SKIP_LOUDLY("this build has no pidfd");
    }
    Context context;
    SeenEnds seen;
    TestChild child(3);
    child.let_end();
    const FailingCall refused(Call::waitid, EINVAL, 1);
    const ChildWatch watch(context, child.pid(), "child", seen.note());
    poll_until(context, [&] { return !seen.ends.empty(); });
    CHECK(refused.count() == 1);
    CHECK(seen.ends[0].value == 3);
}

TEST_CASE("many children that end in any order are told apart", "[child]") {
    const EachChildForm each;
    Context context;
    std::vector<std::unique_ptr<TestChild>> children;
    std::vector<ChildWatch> watches;
    std::vector<int> codes(40, -1);
    int ended = 0;
    for (int number = 0; number != 40; ++number) {
        children.push_back(std::make_unique<TestChild>(number));
        watches.emplace_back(context, children.back()->pid(), "child", [&, number](ChildStatus end) {
            codes[static_cast<std::size_t>(number)] = end.value;
            ++ended;
        });
    }
    for (std::size_t at = 0; at != children.size(); ++at) {
        children[(at * 7) % children.size()]->let_go();
    }
    poll_until(context, [&] { return ended == 40; });
    for (int number = 0; number != 40; ++number) {
        CHECK(codes[static_cast<std::size_t>(number)] == number);
    }
}

TEST_CASE("what cannot be watched says why, and leaves nothing", "[child]") {
    if (!has_pidfd) {
        SKIP_LOUDLY("this build has no pidfd: a timer needs no descriptor");
    }
    Context context;
    const auto error_of = [&](pid_t pid) {
        try {
            const ChildWatch watch(context, pid, "child", [](ChildStatus) {});
            return 0;
        } catch (const std::system_error& error) {
            return error.code().value();
        }
    };
    CHECK(error_of(0) == EINVAL);
    CHECK(error_of(-1) == EINVAL);
    TestChild child;
    const FailingCall failing(Call::pidfd_open, EMFILE);
    CHECK(error_of(child.pid()) == EMFILE);
}

TEST_CASE("a child watch may be destroyed on another thread", "[child][threads]") {
    const EachChildForm each;
    IoThread thread;
    TestChild child;
    ChildWatch watch;
    SeenEnds seen;
    run_there(*thread.context(), [&] { watch = ChildWatch(*thread.context(), child.pid(), "child", seen.note()); });
    watch = ChildWatch();
    thread.stop();
    CHECK(seen.ends.empty());
}
