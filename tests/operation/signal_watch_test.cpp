// SPDX-License-Identifier: MIT
#include <signal.h>
#include <unistd.h>
#include <nestling/nestling.hpp>

#include <atomic>
#include <cerrno>
#include <memory>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "operation/failing_calls.hpp"
#include "operation/masks.hpp"
#include "operation/run_there.hpp"
#include "support/gate.hpp"
#include "support/testing.hpp"
#include "unit/until.hpp"

using namespace nestling;
using namespace nestling::testing;

namespace {

constexpr bool has_signalfd = NESTLING_TEST_SIGNALFD != 0;

/// Both ways to receive signals, one after the other.
class EachSignalForm {
public:
    EachSignalForm() {
        if (form == SignalForm::handler) {
            absent_.emplace(Call::signalfd, ENOSYS);
        }
    }
    const SignalForm form = has_signalfd ? GENERATE(SignalForm::signalfd, SignalForm::handler) : SignalForm::handler;

private:
    std::optional<FailingCall> absent_;
};

struct SeenSignals {
    std::vector<SignalInfo> signals;
    auto note() {
        return [this](const SignalInfo& info) { signals.push_back(info); };
    }
    [[nodiscard]] std::vector<int> values() const {
        std::vector<int> result;
        for (const SignalInfo& info : signals) {
            result.push_back(info.value);
        }
        return result;
    }
};

void queue(int number, int value) {
    sigval content{};
    content.sival_int = value;
    REQUIRE(::sigqueue(::getpid(), number, content) == 0);
}

}  // namespace

TEST_CASE("a signal is a callback that knows who sent it", "[signal][F20.5]") {
    const EachSignalForm each;
    Context context;
    SeenSignals seen;
    const SignalWatch watch(context, {SIGUSR1, SIGHUP}, "signals", seen.note());
    CHECK(watch.form() == each.form);
    ::kill(::getpid(), SIGUSR1);
    poll_until(context, [&] { return seen.signals.size() == 1; });
    CHECK(seen.signals[0].number == SIGUSR1);
    CHECK(seen.signals[0].code == SI_USER);
    CHECK(seen.signals[0].pid == ::getpid());
    CHECK(seen.signals[0].uid == ::getuid());
    ::kill(::getpid(), SIGHUP);
    poll_until(context, [&] { return seen.signals.size() == 2; });
    CHECK(seen.signals[1].number == SIGHUP);
    context.poll(Wait::none);
    CHECK(seen.signals.size() == 2);
}

TEST_CASE("a signal wakes a loop that sleeps", "[signal][F20.5]") {
    const EachSignalForm each;
    const BlockedSignals blocked({SIGUSR1});
    SeenSignals seen;
    Gate arrived;
    IoThread thread;
    SignalWatch watch;
    run_there(*thread.context(), [&] {
        watch = SignalWatch(*thread.context(), {SIGUSR1}, "signals", [&](const SignalInfo& info) {
            seen.signals.push_back(info);
            arrived.open();
        });
    });
    ::kill(::getpid(), SIGUSR1);
    arrived.wait();
    watch = SignalWatch();
    thread.stop();
    CHECK(seen.signals.size() == 1);
}

TEST_CASE("signals that queue come one by one and in order, others are one until the loop looks", "[signal]") {
    if (!has_signalfd) {
        SKIP_LOUDLY("this build has no signalfd: a handler sees each signal");
    }
    Context context;
    SeenSignals queued;
    SeenSignals standard;
    const SignalWatch real_time(context, {SIGRTMIN}, "real-time", queued.note());
    const SignalWatch usual(context, {SIGUSR1}, "standard", standard.note());
    for (const int value : {1, 2, 3, 4, 5}) {
        queue(SIGRTMIN, value);
        queue(SIGUSR1, value);
    }
    poll_until(context, [&] { return queued.signals.size() == 5 && !standard.signals.empty(); });
    CHECK(queued.values() == std::vector<int>{1, 2, 3, 4, 5});
    CHECK(standard.values() == std::vector<int>{1});
    CHECK(queued.signals[0].code == SI_QUEUE);
}

TEST_CASE("a signal that several watches have is given to each of them", "[signal]") {
    const EachSignalForm each;
    const BlockedSignals blocked({SIGUSR1, SIGUSR2});
    Context context;
    Context other;
    SeenSignals first;
    SeenSignals second;
    SeenSignals foreign;
    const SignalWatch one(context, {SIGUSR1, SIGUSR2}, "one", first.note());
    {
        const SignalWatch two(context, {SIGUSR1}, "two", second.note());
        const SignalWatch three(other, {SIGUSR1}, "three", foreign.note());
        ::kill(::getpid(), SIGUSR1);
        poll_until(context, [&] { return !first.signals.empty() && !second.signals.empty(); });
        poll_until(other, [&] { return !foreign.signals.empty(); });
        // Whoever is first takes it, for all.
        ::kill(::getpid(), SIGUSR1);
        poll_until(other, [&] { return foreign.signals.size() == 2; });
        poll_until(context, [&] { return first.signals.size() == 2 && second.signals.size() == 2; });
    }
    ::kill(::getpid(), SIGUSR1);
    ::kill(::getpid(), SIGUSR2);
    poll_until(context, [&] { return first.signals.size() == 4; });
    other.poll(Wait::none);
    CHECK(second.signals.size() == 2);
    CHECK(foreign.signals.size() == 2);
}

TEST_CASE("two loops on two threads each get every signal", "[signal][threads]") {
    const EachSignalForm each;
    constexpr int rounds = 200;
    const BlockedSignals blocked({SIGRTMIN});
    Context context;
    int here = 0;
    std::atomic<int> there{0};
    IoThread thread;
    SignalWatch remote;
    run_there(*thread.context(), [&] {
        remote = SignalWatch(*thread.context(), {SIGRTMIN}, "there", [&](const SignalInfo&) { ++there; });
    });
    const SignalWatch local(context, {SIGRTMIN}, "here", [&](const SignalInfo&) { ++here; });
    for (int round = 1; round <= rounds; ++round) {
        queue(SIGRTMIN, round);
        context.poll(Wait::none);
    }
    poll_until(context, [&] { return here == rounds; });
    until([&] { return there.load() == rounds; });
    remote = SignalWatch();
    thread.stop();
    CHECK(here == rounds);
    CHECK(there.load() == rounds);
}

TEST_CASE("a signal watch may be destroyed in its callback, and gets no more of what has come", "[signal]") {
    const EachSignalForm each;
    Context context;
    int calls = 0;
    auto owned = std::make_shared<int>(0);
    const std::weak_ptr<int> left = owned;
    SignalWatch watch;
    watch = SignalWatch(context, {SIGRTMIN}, "signals", [&, owned](const SignalInfo&) {
        ++calls;
        watch = SignalWatch();
    });
    owned.reset();
    const SignalWatch other(context, {SIGRTMIN}, "other", [](const SignalInfo&) {});
    queue(SIGRTMIN, 1);
    queue(SIGRTMIN, 2);
    poll_until(context, [&] { return calls != 0; });
    while (context.poll(Wait::none)) {
    }
    CHECK(calls == 1);
    CHECK(left.expired());
}

TEST_CASE("a callback of signals may throw or iterate, and the rest comes all the same", "[signal]") {
    const EachSignalForm each;
    int thrown = 0;
    ContextOptions options;
    options.on_exception = [&](const std::exception_ptr&, const char* name) {
        thrown += std::string(name) == "signals" ? 1 : 0;
    };
    Context context(std::move(options));
    std::vector<int> values;
    const SignalWatch watch(context, {SIGRTMIN}, "signals", [&](const SignalInfo& info) {
        values.push_back(info.value);
        if (info.value == 1) {
            throw std::runtime_error("one");
        }
        if (info.value == 2) {
            poll_until(context, [&] { return values.size() == 4; });
        }
    });
    for (const int value : {1, 2, 3, 4}) {
        queue(SIGRTMIN, value);
    }
    poll_until(context, [&] { return values.size() == 4; });
    CHECK(values == std::vector<int>{1, 2, 3, 4});
    CHECK(thrown == 1);
}

TEST_CASE("a signal watch may be destroyed on another thread", "[signal][threads]") {
    const EachSignalForm each;
    const BlockedSignals blocked({SIGUSR1});
    IoThread thread;
    SignalWatch watch;
    run_there(*thread.context(),
              [&] { watch = SignalWatch(*thread.context(), {SIGUSR1}, "signals", [](const SignalInfo&) {}); });
    watch = SignalWatch();
    thread.stop();
    CHECK(is_blocked(SIGUSR1));
}

TEST_CASE("a signal that cannot be watched says why, and changes nothing", "[signal]") {
    Context context;
    const auto error_of = [&](std::initializer_list<int> signals) {
        try {
            const SignalWatch watch(context, signals, "signals", [](const SignalInfo&) {});
            return 0;
        } catch (const std::system_error& error) {
            return error.code().value();
        }
    };
    for (const int number : {SIGKILL, SIGSTOP, 0, -1, 1000}) {
        CHECK(error_of({SIGUSR1, number}) == EINVAL);
    }
    CHECK_FALSE(is_blocked(SIGUSR1));
    if (NESTLING_TEST_SIGNALFD == 0) {
        SKIP_LOUDLY("this build has no signalfd that could fail");
    }
    const FailingCall failing(Call::signalfd, EMFILE);
    CHECK(error_of({SIGUSR1}) == EMFILE);
    CHECK_FALSE(is_blocked(SIGUSR1));
}
