# SPDX-License-Identifier: MIT
"""What a context has around the recorded headers: the event, the loop that sleeps on it, producers, and the checks."""

import promela

LOOP = 0  # the thread of the loop; producers count from 1

# Each name is a promise; `assert(name)` in the model fails, and spin prints the name.
PROMISES = ("no_lost_wakeup", "no_lost_bottom_half", "no_doubled_bottom_half", "in_order", "one_write_per_sleep",
            "event_does_not_stay_readable", "known_value")


class Model:
    """One scenario with one protocol, as Promela text."""

    def __init__(self, functions, scenario, protocol):
        self.functions, self.scenario, self.protocol = functions, scenario, protocol
        self.halves = sorted({what for actions in scenario.producers for kind, what in actions if kind == "schedule"}
                             | set(scenario.chain))
        self.requesting = self.producers_that("request")
        self.scheduling = self.producers_that("schedule")

    def producers_that(self, kind):
        return [number for number, actions in enumerate(self.scenario.producers, 1)
                if any(what[0] == kind for what in actions)]

    def text(self):
        self.used = set()
        threads = [self.loop()] + [self.producer(number) for number in range(1, len(self.scenario.producers) + 1)]
        return "\n".join([self.declarations(), promela.MEMORY, *threads, ""])

    def declarations(self):
        links = [f"next{half}" for half in self.halves]
        others = sorted(self.used - set(links)) + [f"data{p}" for p in self.scheduling]
        others += [f"request{p}" for p in self.requesting]
        variables = links + [name for name in others if name not in links]
        lines = [f"#define {name} {number}" for number, name in enumerate(variables)]
        lines += [f"#define VARIABLES {len(variables)}", f"#define THREADS {len(self.scenario.producers) + 1}",
                  "#define BUFFER 4", "byte memory[VARIABLES];", "bit event, window;", "byte ended, rounds;",
                  "byte credit = 1;",
                  f"#define CAPACITY {max(1, len(self.halves))}", "chan batch = [CAPACITY] of { byte };"]
        lines += [f"bit {name};" for name in PROMISES]
        lines += [f"byte got{p};" for p in self.scheduling] + [f"byte served{p}, told{p};" for p in self.requesting]
        lines += [f"byte runs{half};" for half in self.halves]
        return "\n".join(lines)

    # ---- Producers ----

    def producer(self, number):
        expander = promela.Expander(self.functions, self.call, number)
        lines = [f"active proctype producer{number}() {{"]
        for count, (kind, what) in enumerate(self.scenario.producers[number - 1], 1):
            data = f"data{number}" if kind == "schedule" else f"request{number}"
            lines.append(f"WRITE({number}, {data}, {count});")
            lines.append(expander.step(f"schedule{what}" if kind == "schedule" else "notify"))
        self.used |= expander.used
        return "\n".join(lines + ["ended++", "}"])

    def last(self, number, kind):
        return max(at for at, action in enumerate(self.scenario.producers[number - 1], 1) if action[0] == kind)

    # ---- The loop ----

    def loop(self):
        expander = promela.Expander(self.functions, self.call, LOOP)
        # A request may be seen, then its mark, then its event: an iteration for each.
        limit = 3 * (sum(map(len, self.scenario.producers)) + len(self.scenario.chain)) + 2
        lines = ["active proctype loop() {", "byte current;", "bit ready;",
                 f"again: skip; d_step {{ rounds++; assert(rounds <= {limit} || event_does_not_stay_readable) }};"]
        lines.append(self.native(expander) if self.scenario.sleeper == "native" else self.outer(expander))
        lines += ["goto again;", "over: skip;", self.at_end(expander), "}"]
        self.used |= expander.used
        return "\n".join(lines)

    @staticmethod
    def native(expander):
        return expander.step("steps.poll.sleep")

    def outer(self, expander):
        """An outer loop's iteration around the source, with poll() at one point of it."""
        nested = lambda point: expander.step("steps.poll.look") if self.scenario.poll_at == point else ""
        times = 2 if self.scenario.outer == "prepare repeated" else 1
        prepare = [self.set_ready(expander, "steps.prepare") for _ in range(times)]
        wait, go = expander.label(), expander.label()
        lines = prepare + [nested("after prepare")]
        lines += ["if", f":: ready -> goto {go}", f":: !ready -> goto {wait}", "fi;"]
        lines += [f"{wait}: {self.until_event('skip')};", nested("before check")]
        if self.scenario.outer != "check skipped":
            lines += [expander.step("steps.close_window"), self.check(expander, go)]
        lines += [f"{go}: skip;", nested("after check"), expander.step("steps.dispatch")]
        return "\n".join(lines)

    @staticmethod
    def set_ready(expander, name):
        end = expander.label()
        return expander.call(name, lambda value: f"ready = {value}; goto {end}") + f"\n{end}: skip;"

    def check(self, expander, go):
        """Nothing to dispatch: the next iteration. The recorded is_published(), and what a context adds."""
        return (expander.call("is_published", lambda value: f"goto {go}" if value else
                              f"if :: event || len(batch) != 0 -> goto {go} :: else -> "
                              f"{self.requested(f'goto {go}', 'goto again')} fi") + ";")

    def at_end(self, expander):
        """Nobody will ever wake the loop again: nothing may be left."""
        after = {0: "goto nothing_published", 1: "assert(no_lost_wakeup)"}
        lines = [expander.call("is_published", after.get) + ";",
                 "nothing_published: assert(credit > 0 || one_write_per_sleep);",
                 "assert(len(batch) == 0 || no_lost_wakeup);"]
        lines += [f"assert(served{p} == {self.last(p, 'request')} || no_lost_wakeup);" for p in self.requesting]
        lines += [f"assert(got{p} == {self.last(p, 'schedule')} || no_lost_bottom_half);" for p in self.scheduling]
        lines += [f"assert(runs{half} > 0 || no_lost_bottom_half);" for half in self.halves]
        return "\n".join(lines)

    # ---- What the recorded functions call ----

    def call(self, expander, name, follow):
        simple = {"host.tell_outer": [f"told{p} = READ({LOOP}, request{p})" for p in self.requesting],
                  "host.wake_outer": ["event = 1"], "window.open": ["window = 1"], "window.close": ["window = 0"],
                  "host.slept": ["credit++"] if self.protocol == "oneword" else [],
                  "event.drain": ["event = 0"] if self.scenario.reported == "level" else []}
        if name in simple:
            return "; ".join(simple[name] + [follow(0)])
        if name == "event.set":
            return f"if :: {self.event_set(expander)} -> {follow(0)} fi"
        if name.startswith("take_in."):
            return self.take_in(expander, name.replace("take_in", "accept"), follow(0))
        return {"window.is_open": lambda: f"if :: window -> {follow(1)} :: !window -> {follow(0)} fi",
                "host.look": lambda: self.look(follow),
                "host.sleep": lambda: self.sleep(expander, follow),
                "host.look_ahead": lambda: self.take_in(
                    expander, "accept.unseen.nothing",
                    f"if :: len(batch) != 0 -> {follow(1)} :: len(batch) == 0 -> "
                    f"{self.requested(follow(1), follow(0))} fi"),
                "host.is_outer_told": lambda: self.any_of(
                    [f"told{p} != READ({LOOP}, request{p})" for p in self.requesting], follow(0), follow(1)),
                "host.run": lambda: self.run(expander, follow(0))}[name]()

    def event_set(self, expander):
        # A sleep is counted after its announcement: in between, one write may be ahead.
        if self.protocol == "oneword" and expander.thread != LOOP:
            return "d_step { assert(credit > 0 || one_write_per_sleep); credit--; event = 1 }"
        return "event = 1"

    @staticmethod
    def any_of(conditions, yes, no):
        """One look after the other: other threads go on between them."""
        text = no
        for condition in reversed(conditions):
            text = f"if :: {condition} -> {yes} :: else -> {text} fi"
        return text

    def requested(self, yes, no):
        return self.any_of([f"READ({LOOP}, request{p}) != served{p}" for p in self.requesting], yes, no)

    def look(self, follow):
        """How the monitor reports: by edges, consumed by looking, or by level."""
        seen = "d_step { event -> event = 0 }" if self.scenario.reported == "edge" else "event"
        return f"if :: {seen} -> {follow(1)} :: !event -> {follow(0)} fi"

    def until_event(self, then):
        over = f"ended == {len(self.scenario.producers)} && !event"
        over += "".join(f" && FLUSHED({thread})" for thread in range(len(self.scenario.producers) + 1))
        return f"if :: event -> {then} :: {over} -> goto over fi"

    def sleep(self, expander, follow):
        """The requests are read after the announcement, as a monitor copies its set."""
        awake = expander.label()
        return (self.requested(f"goto {awake}", self.until_event(f"goto {awake}")) +
                f";\n{awake}: {self.look(follow)}")

    def take_in(self, expander, accept, then):
        """BottomHalfList::accept(): what was taken joins the batch."""
        collect = expander.label()
        head = lambda value: f"current = {value // 4}; goto {collect}"
        first = f"next{self.halves[0]} - {self.halves[0]}" if self.halves else "0"
        walk = (f"do :: current != 0 -> assert(len(batch) < CAPACITY || no_doubled_bottom_half); batch!current; "
                f"current = READ({LOOP}, {first} + current) / 4 :: else -> break od")
        body = walk if self.halves else "current = 0"
        return expander.call(accept, head) + f";\n{collect}: skip; atomic {{ {body} }};\n{then}"

    def run(self, expander, then):
        """Requests, then the batch until it is empty."""
        following, done = expander.label(), expander.label()
        lines = [f"if :: d_step {{ READ({LOOP}, request{p}) != served{p} -> served{p} = READ({LOOP}, request{p}) }} "
                 ":: else fi;" for p in self.requesting]
        lines += [f"{following}: if", f":: len(batch) == 0 -> goto {done}"]
        for half in self.halves:
            lines.append(f":: batch?{half} -> {self.run_one(expander, half, following)}")
        lines += ["fi;", f"{done}: skip; {then}"]
        return "\n".join(lines)

    def run_one(self, expander, half, following):
        runs = expander.label()
        scheduled = lambda flags: f"goto {runs}" if flags & 2 else f"goto {following}"
        most = sum(action == ("schedule", half) for actions in self.scenario.producers for action in actions)
        most += self.scenario.chain.count(half)
        checks = [f"runs{half}++", f"assert(runs{half} <= {most} || no_doubled_bottom_half)"]
        if (half - 1, half) in self.scenario.ordered:
            checks.append(f"assert(runs{half - 1} >= runs{half} || in_order)")
        checks += [f"got{p} = READ({LOOP}, data{p})" for p in self.scheduling
                   if ("schedule", half) in self.scenario.producers[p - 1]]
        chained = [expander.step(f"schedule{half + 1}")] if half + 1 in self.scenario.chain else []
        return "\n".join([expander.call(f"dequeue{half}", scheduled) + ";",
                          f"{runs}: skip; d_step {{ {'; '.join(checks)} }};", *chained, f"goto {following}"])
