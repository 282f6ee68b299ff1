// SPDX-License-Identifier: MIT
//
// Writes down what the shipped protocol headers do, as automata in JSON, for the Promela models.
//
//   record-protocols oneword|seed NODES [MUTATION]
//
// MUTATION is Orders.site=order or a name of mutate() below.
//
// The functions of the protocol are recorded with its variables unknown, and those of both drivers (sync::LoopSteps)
// with the protocol and the host unknown: the model puts them together.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "model/spin/recording_atomics.hpp"
#include "sites_of_the_headers.hpp"
#include "sync/bottom_half_list.hpp"
#include "sync/loop_steps.hpp"

namespace nestling::recording {
namespace {

using model::MutableBottomHalfOrders;
using sync::Ended;
using sync::EventSeen;
using sync::MaySleep;
using sync::Sleeper;
using Oneword = sync::WakeOneword<RecordingAtomics, model::MutableOnewordOrders>;
using Seed = sync::WakeSeed<RecordingAtomics, model::MutableSeedOrders>;

/// While a driver is brought into the state in which it is recorded: an outer loop that finds nothing to do.
bool is_preparing = false;

int call(const std::string& name, int results = 2) {
    if (is_preparing) {
        return name == "announce.external" ? 1 : 0;
    }
    Outcomes outcomes{{}};
    for (int at = 0; at < results; ++at) {
        outcomes.values.push_back(at);
    }
    return Recorder::active().ask("\"op\": \"call\", \"function\": \"" + name + "\"", outcomes);
}
void act(const std::string& name) {
    call(name, 1);
}

std::string name_of(Sleeper sleeper) {
    return sleeper == Sleeper::native ? ".native" : ".external";
}
std::string name_of(EventSeen seen) {
    return seen == EventSeen::yes ? ".seen" : ".unseen";
}
std::string name_of(Ended ended) {
    return ended == Ended::nothing ? ".nothing" : ended == Ended::native_wait ? ".native" : ".external";
}

struct Event {
    static void set() {
        act("event.set");
        if (mutation == Mutation::write_twice) {
            act("event.set");
        }
    }
    static void drain() {
        if (mutation != Mutation::forget_drain) {
            act("event.drain");
        }
    }
};

/// Stands for the protocol while the drivers are recorded.
struct UnknownWake {
    bool announce(Sleeper sleeper) { return call("announce" + name_of(sleeper)) != 0; }
    void withdraw(Sleeper sleeper) { act("withdraw" + name_of(sleeper)); }
    bool rearm() { return call("rearm") != 0; }
    bool is_armed(Sleeper sleeper) const { return call("is_armed" + name_of(sleeper)) != 0; }
};

struct UnknownHost {
    struct Outlook {
        bool ready;
    };
    Outlook look_ahead() { return {call("host.look_ahead") != 0}; }
    EventSeen sleep(const Outlook&) { return call("host.sleep") != 0 ? EventSeen::yes : EventSeen::no; }
    bool run() {
        act("host.run");
        return false;
    }
    void tell_outer(const Outlook&) { act("host.tell_outer"); }
    bool is_outer_told(const Outlook&) { return call("host.is_outer_told") != 0; }
    void wake_outer() { act("host.wake_outer"); }
    /// Signal handlers are the explorer's matter.
    [[nodiscard]] bool has_work_at_home() const noexcept { return false; }
    void slept() noexcept { act("host.slept"); }
};

class Printer {
public:
    void function(const std::string& name, const std::function<int()>& body) {
        std::printf("%s\"%s\": %s", comma_, name.c_str(), Recorder::active().record(body).c_str());
        comma_ = ",\n";
    }

private:
    const char* comma_ = "";
};

/// A driver keeps whether its window is open from call to call: it is recorded for each, and gives it back.
void record_driver(Printer& printer, const std::string& name,
                   const std::function<int(sync::LoopSteps<UnknownHost, UnknownWake>&)>& body) {
    printer.function(name, [&body] {
        UnknownHost host;
        UnknownWake wake;
        sync::LoopSteps<UnknownHost, UnknownWake> steps(host, wake);
        if (call("window.is_open") != 0) {
            is_preparing = true;
            static_cast<void>(steps.prepare());
            is_preparing = false;
        }
        const int result = body(steps);
        act(steps.window_is_open() ? "window.open" : "window.close");
        return result;
    });
}

void record_drivers(Printer& printer) {
    const auto look = [] { return call("host.look") != 0 ? EventSeen::yes : EventSeen::no; };
    const auto accept = [](EventSeen seen, Ended ended) { act("take_in" + name_of(seen) + name_of(ended)); };
    record_driver(printer, "steps.poll.sleep", [&](auto& steps) { return steps.poll(MaySleep::yes, look, accept); });
    record_driver(printer, "steps.poll.look", [&](auto& steps) { return steps.poll(MaySleep::no, look, accept); });
    record_driver(printer, "steps.prepare", [](auto& steps) { return steps.prepare(); });
    record_driver(printer, "steps.dispatch", [&](auto& steps) { return steps.dispatch(look, accept); });
    record_driver(printer, "steps.close_window", [](auto& steps) {
        steps.close_window();
        return 0;
    });
}

template <class Wake>
void record_protocol(Printer& printer, const std::vector<std::string>& variables, int nodes) {
    using Link = sync::BottomHalfLink<RecordingAtomics, MutableBottomHalfOrders>;
    Names& names = Names::active();
    names.variables = variables;
    for (const char* of_the_ring : {"head", "tail", "is_entered"}) {
        names.variables.emplace_back(of_the_ring);
    }
    for (int at = 1; at <= nodes; ++at) {
        names.variables.push_back("next" + std::to_string(at));
        names.variables.push_back("flags" + std::to_string(at));
        names.variables.push_back("mark" + std::to_string(at));
    }
    sync::BottomHalfList<Wake, Link> list;
    std::deque<Link> links(static_cast<std::size_t>(nodes));
    for (const Link& link : links) {
        names.nodes.push_back(reinterpret_cast<std::uintptr_t>(&link));
    }
    if (names.next != names.variables.size() || names.take() != "?") {
        std::fputs("the protocol has other variables than those that are named here\n", stderr);
        std::exit(2);
    }
    Event event;
    Wake& wake = list.wake();
    for (int at = 1; at <= nodes; ++at) {
        Link& link = links[static_cast<std::size_t>(at - 1)];
        printer.function("schedule" + std::to_string(at), [&] {
            list.schedule(link, event);
            return 0;
        });
        printer.function("dequeue" + std::to_string(at), [&] { return static_cast<int>(link.state.dequeue()); });
    }
    printer.function("notify", [&] {
        list.notify(event);
        return 0;
    });
    for (const Sleeper sleeper : {Sleeper::native, Sleeper::external}) {
        printer.function("withdraw" + name_of(sleeper), [&] {
            wake.withdraw(sleeper);
            return 0;
        });
        printer.function("is_armed" + name_of(sleeper), [&] { return static_cast<int>(wake.is_armed(sleeper)); });
    }
    printer.function("is_published", [&] { return static_cast<int>(wake.is_published()); });
    for (const EventSeen seen : {EventSeen::no, EventSeen::yes}) {
        for (const Ended ended : {Ended::nothing, Ended::native_wait, Ended::external_wait}) {
            printer.function("accept" + name_of(seen) + name_of(ended),
                             [&] { return RecordingAtomics::encode(wake.accept(event, seen, ended)); });
        }
    }
    for (const Sleeper sleeper : {Sleeper::native, Sleeper::external}) {
        printer.function("announce" + name_of(sleeper), [&] { return static_cast<int>(wake.announce(sleeper)); });
    }
    printer.function("rearm", [&] { return mutation == Mutation::forget_rearm ? 1 : static_cast<int>(wake.rearm()); });
}

bool mutate(const std::string& what) {
    const std::map<std::string, Mutation> names = {{"arm-by-store", Mutation::arm_by_store},
                                                   {"take-by-load", Mutation::take_by_load},
                                                   {"forget-rearm", Mutation::forget_rearm},
                                                   {"forget-drain", Mutation::forget_drain},
                                                   {"write-twice", Mutation::write_twice}};
    if (names.count(what) != 0) {
        mutation = names.at(what);
        return true;
    }
    for (const model::Site& site : model::all_sites) {
        for (const std::memory_order order : {std::memory_order_relaxed, std::memory_order_acq_rel}) {
            if (what == std::string(site.orders) + "." + site.name + "=" + model::order_name(order)) {
                *site.variable = order;
                return true;
            }
        }
    }
    return false;
}

}  // namespace
}  // namespace nestling::recording

int main(int count, char** values) {
    using namespace nestling::recording;
    if (count < 3) {
        return 2;
    }
    for (int at = 3; at < count; ++at) {
        if (!mutate(values[at])) {
            std::fprintf(stderr, "no such mutation: %s\n", values[at]);
            return 2;
        }
    }
    const int nodes = std::atoi(values[2]);
    Printer printer;
    std::puts("{");
    if (std::strcmp(values[1], "oneword") == 0) {
        record_protocol<Oneword>(printer, {"word"}, nodes);
    } else {
        record_protocol<Seed>(printer, {"list", "kicked", "notified", "notify_me"}, nodes);
    }
    record_drivers(printer);
    std::puts("\n}");
}
