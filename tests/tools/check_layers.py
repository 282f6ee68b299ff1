#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails on an include that the layers do not allow, and on files that include each other in a circle.

Usage: check_layers.py [TOP]
"""

import re
import sys
from pathlib import Path

# Each folder of lib/ may include itself and what stands before it.
LAYERS = ["sync", "os", "fdmon", "loop", "async"]

# The layer that a public header <nestling/...> belongs to.
PUBLIC = {
    "annotations.hpp": "sync",
    "callback.hpp": "sync",
    "handler_class.hpp": "sync",
    "outcome.hpp": "sync",
    "statistics.hpp": "sync",
    "version.hpp": "sync",
    "event_notifier.hpp": "os",
    "win32.hpp": "os",
    "signals.hpp": "os",
    "monitor.hpp": "fdmon",
    "bottom_half.hpp": "loop",
    "busy_polling.hpp": "loop",
    "context.hpp": "loop",
    "deferred_call.hpp": "loop",
    "external_loop.hpp": "loop",
    "fd_handler.hpp": "loop",
    "timer.hpp": "loop",
    "call_in.hpp": "async",
    "child_watch.hpp": "async",
    "io_operation.hpp": "async",
    "io_queue.hpp": "async",
    "io_thread.hpp": "async",
    "loop_doctor.hpp": "async",
    "signal_watch.hpp": "async",
    "thread_pool.hpp": "async",
    "wait.hpp": "async",
    "nestling.hpp": "async",
    "async_event.hpp": "async",
    "async_mutex.hpp": "async",
    "async_semaphore.hpp": "async",
    "channel.hpp": "async",
    "async_fd.hpp": "async",
    "coroutine.hpp": "async",
    "perform.hpp": "async",
    "run_in_pool.hpp": "async",
    "coroutines.hpp": "async",
    "fd_ready.hpp": "async",
    "resume_on.hpp": "async",
    "sleep.hpp": "async",
    "spawn.hpp": "async",
    "suspension.hpp": "async",
    "task.hpp": "async",
    "task_frame.hpp": "async",
    "task_group.hpp": "async",
    "task_root.hpp": "async",
    "this_task.hpp": "async",
    "waiter.hpp": "async",
    "when_all.hpp": "async",
    "when_any.hpp": "async",
    "with_timeout.hpp": "async",
}

# A model checker compiles these folders without an operating system.
STANDARD_ONLY = {"sync"}

# Folders whose files see the public headers of lib/ only, and those that see everything.
OUTSIDE = ["glib-source", "docs"]
FREE = ["tests"]

GLIB = re.compile(r"(glib|gio|gobject|gmodule|gtk|gdk)(\.h$|[-/])")
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
STANDARD = re.compile(r"[a-z_]+$")


class Tree:
    """The files below `top` and what they include."""

    def __init__(self, top):
        self.top = Path(top)
        self.errors = []
        self.edges = {}

    def error(self, file, line, text):
        self.errors.append(f"{file.relative_to(self.top)}:{line}: {text}")

    def files(self, folder):
        return sorted(path for end in ("*.hpp", "*.cpp", "*.h", "*.c") for path in (self.top / folder).rglob(end))

    def includes(self, file):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            found = INCLUDE.match(line)
            if found:
                yield number, found.group(1), found.group(2)

    def resolve(self, file, name):
        """The file of this tree that `name` means, or None. Also what it says about folders of the tree."""
        roots = [file.parent, self.top / "lib", self.top / "lib/include", self.top / "glib-source",
                 self.top / "glib-source/include", self.top / "glib-source/lab", self.top / "glib-source/lab/include",
                 self.top / "tests", self.top / "tests/bench", self.top / "docs/demo"]
        for root in roots:
            path = (root / name).resolve()
            if path.is_file() and self.top.resolve() in path.parents:
                return self.top / path.relative_to(self.top.resolve())
        return None

    def place(self, path):
        """('layer', name), ('public', name) or (folder, None) of a file of this tree."""
        parts = path.relative_to(self.top).parts
        if parts[:3] == ("lib", "include", "nestling"):
            return "public", PUBLIC.get(parts[3])
        if parts[:2] == ("lib", "pch"):
            # Of the compiler, not of a layer.
            return "pch", None
        if parts[0] == "lib":
            return "layer", parts[1] if parts[1] in LAYERS else None
        if parts[:2] == ("glib-source", "lab"):
            return "lab", None
        return parts[0], None

    def check_file(self, file):
        here, layer = self.place(file)
        inside = here in ("layer", "public")
        if inside and layer is None:
            self.error(file, 1, "not in the table of layers (tests/tools/check_layers.py)")
            return
        self.edges[file] = []
        for number, kind, name in self.includes(file):
            target = self.resolve(file, name)
            if target is not None:
                self.edges[file].append((number, target))
                there, other = self.place(target)
            elif name.startswith("nestling/"):
                # Generated, or mistyped; the table knows.
                there, other = "public", PUBLIC.get(name[len("nestling/"):])
            else:
                self.check_foreign(file, number, kind, name, layer)
                continue
            if here in FREE:
                continue
            if there in ("layer", "public") and other is None:
                self.error(file, number, f"{name} is not in the table of layers")
            elif inside and there not in ("layer", "public"):
                self.error(file, number, f"lib may not include {there}: {name}")
            elif here == "public" and there == "layer":
                self.error(file, number, f"a public header may not include a private one: {name}")
            elif inside and LAYERS.index(other) > LAYERS.index(layer):
                self.error(file, number, f"{layer} may not include {other}: {name}")
            elif "lab" in (here, there) and here != there and here not in OUTSIDE[1:]:
                self.error(file, number, f"the Source Lab and the rest know nothing of each other: {name}")
            elif here in OUTSIDE and there == "layer":
                self.error(file, number, f"{here} may include public headers of lib only: {name}")

    def check_foreign(self, file, number, kind, name, layer):
        """An include of something that is no file of this tree."""
        if layer is not None and GLIB.match(name):
            self.error(file, number, f"no GLib in lib: {name}")
        elif kind == '"' and layer is not None:
            self.error(file, number, f"no such file: {name}")
        elif layer in STANDARD_ONLY and not STANDARD.match(name):
            self.error(file, number, f"{layer} may include the C++ standard library only: {name}")

    def check_circles(self):
        """Reports each circle once, at the include that closes it."""
        state = {}

        def visit(file, path):
            state[file] = "open"
            for number, target in self.edges.get(file, []):
                if state.get(target) == "open":
                    circle = path[path.index(target):] + [target]
                    names = " -> ".join(str(one.relative_to(self.top)) for one in circle)
                    self.error(file, number, f"circle of includes: {names}")
                elif target not in state:
                    visit(target, path + [target])
            state[file] = "done"

        for file in list(self.edges):
            if file not in state:
                visit(file, [file])


def check(top):
    """The errors of the tree below `top`, each `file:line: text`, and the number of files looked at."""
    tree = Tree(top)
    for folder in ["lib"] + OUTSIDE + FREE:
        for file in tree.files(folder):
            tree.check_file(file)
    tree.check_circles()
    return tree.errors, len(tree.edges)


def main():
    top = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    errors, looked_at = check(top)
    for error in errors:
        print(error)
    if looked_at == 0:
        print(f"no sources below {top}")
    print(f"{looked_at} files, {len(errors)} errors")
    return 1 if errors or looked_at == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
