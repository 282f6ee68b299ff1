# SPDX-License-Identifier: MIT
"""Prints recorded automata as Promela, in the place where they are called.

A call is expanded with what follows it: `follow(value)` gives the statement that goes on after the return of `value`.
So no variable is needed for results, and a function that is called twice gets labels of its own twice.
"""

import itertools

# Memory is a set of bytes. Under TSO a store goes through the buffer of its thread, from which that thread reads its
# own newest value; locked instructions and full fences wait until the buffer is empty. A write to the event is a system
# call: it is seen at once and orders nothing else, which allows more than kernels do. Which of the two models holds is
# asked of the environment when the checker runs, because compiling it takes longer than running it.
MEMORY = """\
c_decl {
    static int is_tso;
    __attribute__((constructor)) static void ask(void) { is_tso = getenv("STORE_BUFFERS") != 0; }
};
chan buffer[THREADS] = [BUFFER] of { byte, byte };
byte waiting[THREADS * VARIABLES];
byte newest[THREADS * VARIABLES];
#define PLACE(t, v) ((t) * VARIABLES + (v))
#define READ(t, v) (waiting[PLACE(t, v)] -> newest[PLACE(t, v)] : memory[v])
#define WRITE(t, v, x) d_step { len(buffer[t]) < BUFFER -> \\
    if \\
    :: c_expr { is_tso } -> buffer[t]!v, x; waiting[PLACE(t, v)]++; newest[PLACE(t, v)] = x \\
    :: else -> memory[v] = x \\
    fi }
#define FLUSHED(t) (len(buffer[t]) == 0)
active [THREADS] proctype flusher() {
    byte variable, value;
end:
    do
    :: d_step { buffer[_pid]?variable, value -> memory[variable] = value;
            waiting[PLACE(_pid, variable)]--;
            if
            :: waiting[PLACE(_pid, variable)] == 0 -> newest[PLACE(_pid, variable)] = 0
            :: else
            fi;
            variable = 0; value = 0 }
    od
}
"""


class Expander:
    """Expands calls of recorded functions, and of what the harness supplies, for one thread."""

    numbers = itertools.count(1)

    def __init__(self, functions, harness, thread):
        self.functions, self.harness, self.thread = functions, harness, thread
        self.used = set()

    def call(self, name, follow):
        """The statements that do `name` and then, by the value it returns, `follow(value)`."""
        if name in self.functions:
            return self.recorded(self.functions[name], follow)
        return self.harness(self, name, follow)

    def label(self):
        return f"L{next(self.numbers)}"

    def step(self, name):
        end = self.label()
        return self.call(name, lambda _: f"goto {end}") + f"\n{end}: skip;"

    def recorded(self, function, follow):
        prefix = self.label()
        lines, todo, seen = [], [function["start"]], set()
        lines.append(f"goto {prefix}_{function['start']};")
        while todo:
            number = todo.pop()
            if number in seen:
                continue
            seen.add(number)
            state = function["states"][number]
            todo += state["next"].values()
            lines.append(f"{prefix}_{number}: {self.state(state, prefix, follow)};")
        return "\n".join(lines)

    def state(self, state, prefix, follow):
        op, thread = state["op"], self.thread
        if op == "return":
            return follow(state["value"])
        if op == "call":
            return self.call(state["function"], lambda value: f"goto {prefix}_{state['next'][str(value)]}")
        places = [f"goto {prefix}_{place}" for place in state["next"].values()]
        if op == "fence":
            return f"FLUSHED({thread}); {places[0]}" if state["order"] == "seq_cst" else places[0]
        variable = state["variable"]
        self.used.add(variable)
        if op == "store":
            return f"if :: WRITE({thread}, {variable}, {state['value']}) -> {places[0]} fi"
        return self.branches(state, prefix)

    def branches(self, state, prefix):
        """One branch for each place to go to; a value that leads nowhere is a hole in the model, and reported."""
        op, thread, variable = state["op"], self.thread, state["variable"]
        read = f"READ({thread}, {variable})" if op == "load" else f"memory[{variable}]"
        ready = "" if op == "load" else f"FLUSHED({thread}) && "
        by_place, known = {}, []
        for value, place in state["next"].items():
            writes = op != "cas" or int(value) == state["expected"]
            by_place.setdefault((place, writes), []).append(int(value))
            known.append(int(value))
        lines = ["if"]
        for (place, writes), values in by_place.items():
            guard = ready + self.among(read, values)
            if op != "load" and writes:
                guard = f"d_step {{ {guard} -> memory[{variable}] = {self.written(state, variable)} }}"
            lines.append(f":: {guard} -> goto {prefix}_{place}")
        lines.append(f":: {ready}!{self.among(read, known)} -> assert(known_value)")
        return "\n    ".join(lines + ["fi"])

    @staticmethod
    def among(read, values):
        """Written with ranges, because fetch-or of flags knows sixteen values."""
        values, parts = sorted(values), []
        while values:
            end = 1
            while end < len(values) and values[end] == values[0] + end:
                end += 1
            first, last = values[0], values[end - 1]
            parts.append(f"{read} == {first}" if end == 1 else f"({read} >= {first} && {read} <= {last})"
                         if first else f"{read} <= {last}")
            values = values[end:]
        return "(" + " || ".join(parts) + ")"

    @staticmethod
    def written(state, variable):
        return {"or": f"memory[{variable}] | {state['value']}", "and": f"memory[{variable}] & {state['value']}"}.get(
            state["op"], state["value"])
