# SPDX-License-Identifier: MIT
"""The situations that spin looks at, and the mutations that it must report."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    producers: tuple  # for each a tuple of ("schedule", bottom half) and ("request", None)
    sleeper: str = "native"
    outer: str = "usual"
    poll_at: str = ""
    reported: str = "level"
    ordered: tuple = ()
    chain: tuple = ()  # bottom halves that the callback of the one before schedules
    protocols: tuple = ("oneword", "seed")

    @property
    def nodes(self):
        return max([what or 0 for actions in self.producers for _, what in actions] + list(self.chain))


def schedule(*halves):
    return tuple(("schedule", half) for half in halves)


REQUEST = ("request", None)

SCENARIOS = [
    Scenario("one producer, two rounds", (schedule(1, 1),)),
    Scenario("two producers", (schedule(1), schedule(2))),
    Scenario("three producers, plain stores", ((REQUEST,),) * 3, protocols=("oneword",)),
    Scenario("two bottom halves of one thread, in order", (schedule(1, 2),), ordered=((1, 2),)),
    Scenario("two threads schedule the same bottom half", (schedule(1), schedule(1))),
    Scenario("two plain stores, two rounds", ((REQUEST, REQUEST),)),
    Scenario("a bottom half and a plain store", (schedule(1), (REQUEST,)), reported="edge"),
    Scenario("outer loop, two bottom halves", (schedule(1, 2),), "outer", ordered=((1, 2),)),
    Scenario("outer loop, a bottom half and a plain store", (schedule(1), (REQUEST,)), "outer"),
    Scenario("outer loop, prepare repeated", (schedule(1), (REQUEST,)), "outer", outer="prepare repeated"),
    Scenario("outer loop, check skipped", (schedule(1), (REQUEST,)), "outer", outer="check skipped", reported="edge"),
    Scenario("poll() between prepare and sleep", (schedule(1), (REQUEST,)), "outer", poll_at="after prepare"),
    Scenario("poll() between prepare and sleep, chained", (schedule(1),), "outer", poll_at="after prepare", chain=(2,),
             reported="edge"),
    Scenario("poll() between sleep and check", (schedule(1), (REQUEST,)), "outer", poll_at="before check"),
    Scenario("poll() between check and dispatch", (schedule(1), (REQUEST,)), "outer", poll_at="after check"),
]


@dataclasses.dataclass(frozen=True)
class Mutation:
    """What is changed in the recording, where that shows, and whether each memory model must show it."""
    argument: str
    protocol: str
    scenario: str
    breaks: tuple  # of "SC", "TSO"


# Stores stay in a buffer only under TSO: with sequential consistency a fence does nothing. The publication of a bottom
# half is a locked instruction on x86, which hides the fence that follows; a plain store needs it. Arming by a plain
# store overwrites what was published; a request is still found by the look that follows, unless the store waits.
MUTATIONS = [
    Mutation("SeedOrders.publish_fence=relaxed", "seed", "two plain stores, two rounds", ("TSO",)),
    Mutation("SeedOrders.announce_fence=relaxed", "seed", "one producer, two rounds", ("TSO",)),
    Mutation("SeedOrders.announce_fence=acq_rel", "seed", "two plain stores, two rounds", ("TSO",)),
    Mutation("arm-by-store", "oneword", "one producer, two rounds", ("SC", "TSO")),
    Mutation("arm-by-store", "oneword", "two plain stores, two rounds", ("TSO",)),
    Mutation("take-by-load", "oneword", "one producer, two rounds", ("SC", "TSO")),
    Mutation("take-by-load", "seed", "one producer, two rounds", ("SC", "TSO")),
    Mutation("forget-drain", "oneword", "one producer, two rounds", ("SC", "TSO")),
    Mutation("forget-drain", "seed", "two plain stores, two rounds", ("SC", "TSO")),
    Mutation("write-twice", "oneword", "one producer, two rounds", ("SC", "TSO")),
    Mutation("forget-rearm", "oneword", "poll() between prepare and sleep", ("SC", "TSO")),
]
