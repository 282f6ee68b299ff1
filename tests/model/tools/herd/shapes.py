# SPDX-License-Identifier: MIT
"""The cores of both protocols as C litmus tests. `@Struct.site@` stands for an order of the headers.

A compare-exchange loop that publishes is an exchange here: what it did in the end, whatever it found. `data` is what a
producer hands over, relaxed instead of plain, so that a test answers with an outcome and not with a race.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Shape:
    name: str
    says: str
    initial: str
    threads: tuple
    bad: str
    weakened: tuple = ()  # sites; each is also written as a test of its own, in which it is relaxed


def fence(site):
    return f"atomic_thread_fence(memory_order_@{site}@);"


def load(register, variable, order="relaxed"):
    return f"int {register} = atomic_load_explicit({variable}, memory_order_{order});"


def store(variable, value, order="relaxed"):
    return f"atomic_store_explicit({variable}, {value}, memory_order_{order});"


def exchange(register, variable, value, site):
    return f"int {register} = atomic_exchange_explicit({variable}, {value}, memory_order_@{site}@);"


def handed_over(name, says, publish, take, initial, value, sites):
    """Message passing: whoever takes what is published also sees the data."""
    return Shape(name, says, "data = 0; " + initial, ((store("data", 1), publish), (take, load("seen", "data"))),
                 f"1:taken = {value} /\\ 1:seen = 0", sites)


SEED_FENCES = ("SeedOrders.publish_fence", "SeedOrders.announce_fence")
ANNOUNCE = (store("notify_me", 2, "@SeedOrders.write_notify_me@"), fence("SeedOrders.announce_fence"))
TELL = (fence("SeedOrders.publish_fence"), load("told", "notify_me", "@SeedOrders.read_notify_me@"))

TAKE = "int was = atomic_fetch_and_explicit(flags, 8, memory_order_@BottomHalfOrders.dequeue@);"

SHAPES = [
    Shape("seed-publish", "a bottom half is found by the loop, or the loop by the producer", "list = 0; notify_me = 0;",
          ((exchange("old", "list", 4, "SeedOrders.publish_push"), *TELL),
           (*ANNOUNCE, load("found", "list", "@SeedOrders.look@"))), "0:told = 0 /\\ 1:found = 0", SEED_FENCES),
    Shape("seed-notify", "a kick is found by the loop, or the loop by the producer", "kicked = 0; notify_me = 0;",
          ((store("kicked", 1, "@SeedOrders.notify_kick@"), *TELL),
           (*ANNOUNCE, load("found", "kicked", "@SeedOrders.look@"))), "0:told = 0 /\\ 1:found = 0", SEED_FENCES),
    Shape("seed-request", "a plain store before notify() is found by the loop, or the loop by the producer",
          "request = 0; notify_me = 0;",
          ((store("request", 1), *TELL), (*ANNOUNCE, load("found", "request"))),
          "0:told = 0 /\\ 1:found = 0", SEED_FENCES),
    handed_over("seed-push-take", "who takes the list sees the data",
                exchange("old", "list", 4, "SeedOrders.publish_push"),
                exchange("taken", "list", 0, "SeedOrders.accept_take"), "list = 0;", 4,
                ("SeedOrders.publish_push", "SeedOrders.accept_take")),
    handed_over("seed-kick-take", "who clears the kick sees the data", store("kicked", 1, "@SeedOrders.notify_kick@"),
                exchange("taken", "kicked", 0, "SeedOrders.accept_take"), "kicked = 0;", 1,
                ("SeedOrders.notify_kick", "SeedOrders.accept_take")),
    Shape("oneword-arm", "either the loop finds the publication, or the producer finds ARMED", "word = 0; none = 0;",
          ((exchange("old", "word", 4, "OnewordOrders.publish_push"),),
           ("int armed = atomic_compare_exchange_strong_explicit(word, none, 1, memory_order_@OnewordOrders.announce@, "
            "memory_order_@OnewordOrders.announce@);",)), "0:old = 0 /\\ 1:armed = 1"),
    handed_over("oneword-push-take", "who takes the word sees the data",
                exchange("old", "word", 4, "OnewordOrders.publish_push"),
                exchange("taken", "word", 0, "OnewordOrders.accept_take"), "word = 0;", 4,
                ("OnewordOrders.publish_push", "OnewordOrders.accept_take")),
    handed_over("oneword-kick-take", "who takes the kick sees the data",
                exchange("old", "word", 2, "OnewordOrders.notify_kick"),
                exchange("taken", "word", 0, "OnewordOrders.accept_take"), "word = 0;", 2,
                ("OnewordOrders.notify_kick", "OnewordOrders.accept_take")),
    Shape("oneword-two-producers", "also the data of the producer before the last one", "data = 0; word = 0;",
          ((store("data", 1), exchange("first", "word", 4, "OnewordOrders.publish_push")),
           (exchange("second", "word", 8, "OnewordOrders.publish_push"),),
           (exchange("taken", "word", 0, "OnewordOrders.accept_take"), load("seen", "data"))),
          "1:second = 4 /\\ 2:taken = 8 /\\ 2:seen = 0", ("OnewordOrders.accept_take",)),
    Shape("bottom-half-pending", "schedule() of one that is pending still hands its data over", "data = 0; flags = 3;",
          ((store("data", 1),
            "int old = atomic_fetch_or_explicit(flags, 3, memory_order_@BottomHalfOrders.schedule@);"),
           (TAKE, fence("BottomHalfOrders.dequeue_fence"), load("seen", "data"))), "0:old = 3 /\\ 1:seen = 0",
          ("BottomHalfOrders.schedule", "BottomHalfOrders.dequeue_fence")),
    Shape("bottom-half-scheduled", "schedule() of one that it finds scheduled still hands its data over",
          "data = 0; flags = 3;",
          ((store("data", 1), fence("BottomHalfOrders.schedule_fence"), load("found", "flags")),
           (TAKE, fence("BottomHalfOrders.dequeue_fence"), load("seen", "data"))), "0:found = 3 /\\ 1:seen = 0",
          ("BottomHalfOrders.schedule_fence", "BottomHalfOrders.dequeue_fence")),
]
