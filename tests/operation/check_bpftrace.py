#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""docs/examples/loop-doctor.bt names the handlers of a process that runs already, and slows nothing down before.

    check_bpftrace.py SCRIPT PROGRAM        exit code 77 where bpftrace is absent or may not trace
"""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time

SKIP = 77
SECONDS = 60
SIGNALS = 40


def wait_for(tracer, text):
    """What the tracer has said when it says `text`, or when it has ended."""
    said = b""
    end = time.monotonic() + SECONDS
    while text not in said and time.monotonic() < end:
        if select.select([tracer.stdout], [], [], 1)[0]:
            more = os.read(tracer.stdout.fileno(), 4096)
            if not more:
                break
            said += more
    return said


def trace(script, program):
    tracer = subprocess.Popen(["bpftrace", "-p", str(program.pid), script], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    try:
        said = wait_for(tracer, b"Tracing")
        if b"Tracing" not in said:
            return None, said.decode(errors="replace")
        for _ in range(SIGNALS):
            program.send_signal(signal.SIGHUP)
            # Several that come together are one.
            time.sleep(0.05)
        tracer.send_signal(signal.SIGINT)
        return True, (said + tracer.communicate(timeout=SECONDS)[0]).decode(errors="replace")
    finally:
        tracer.kill()
        tracer.wait()


def main():
    script, command = sys.argv[1:3]
    if shutil.which("bpftrace") is None:
        print("SKIPPED: bpftrace: it is not installed")
        return SKIP
    program = subprocess.Popen([command], stdout=subprocess.PIPE, text=True)
    try:
        program.stdout.readline()
        works, said = trace(script, program)
    finally:
        program.terminate()
        program.communicate(timeout=SECONDS)
    if not works:
        print(f"SKIPPED: bpftrace: it cannot trace here: {said.strip()[-300:]}")
        return SKIP
    print(said)
    calls = re.search(r"@calls\[context, reload\]: (\d+)", said)
    if not calls or not 1 <= int(calls.group(1)) <= SIGNALS or "@longest_us[context, reload]" not in said:
        print("FAILED: the handler is not named")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
