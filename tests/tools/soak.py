#!/usr/bin/env python3
"""Runs a program many times, one after the other, then some more while every core is kept busy by something else.

usage: soak.py [--runs N] [--busy N] [--limit SECONDS] PROGRAM [ARGUMENT]...

Each run must end with status 0 within its limit and leave no process behind 2 s after its end.
"""
import argparse
import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import clean_check  # noqa: E402

PR_SET_CHILD_SUBREAPER = 36
LEFT_AFTER_S = 2.0


def reap_orphans():
    """Takes the status of orphans that became ours, so that only the living count."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


def adopt_orphans():
    """From here on every orphan below this process is a child of it, and cannot be overlooked."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def left(mark, burners):
    """The processes of a run: marked by their environment, or orphans that became ours."""
    return {pid: text for pid, text in clean_check.processes(mark, os.getpid()) if pid not in burners}


def kill(pids):
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def run_once(command, limit, burners=()):
    """What went wrong, in words; None if nothing did; and how long it took."""
    mark = f"VICEROY_SOAK_RUN={uuid.uuid4()}"
    environment = dict(os.environ, VICEROY_SOAK_RUN=mark.partition("=")[2])
    begin = time.monotonic()
    # A file, not a pipe: something that is left over must not keep the run itself waiting.
    with tempfile.TemporaryFile() as log:
        run = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment)
        wrong = None
        try:
            if run.wait(timeout=limit) != 0:
                wrong = f"status {run.returncode}"
        except subprocess.TimeoutExpired:
            kill(left(mark, burners))
            run.wait()
            wrong = f"hangs (over {limit} s)"
        if wrong:
            log.seek(0)
            wrong += f": {log.read().decode(errors='replace')[-2000:]}"
    took = time.monotonic() - begin
    found = clean_check.left_after(LEFT_AFTER_S, lambda: left(mark, burners), lambda: left(mark, burners).items())
    if found:
        wrong = f"{wrong + '; ' if wrong else ''}leaves {'; '.join(found.values())}"
        kill(found)
    reap_orphans()
    return wrong, took


def series(name, command, runs, limit, burners=()):
    times, wrongs = [], []
    for number in range(1, runs + 1):
        wrong, took = run_once(command, limit, burners)
        times.append(took)
        if wrong:
            wrongs.append(wrong)
            print(f"{name} run {number} {wrong}", flush=True)
    times.sort()
    print(f"{name}: {runs} runs, {len(wrongs)} failed; median {times[len(times) // 2] * 1000:.0f} ms, longest {times[-1] * 1000:.0f} ms", flush=True)
    return not wrongs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--busy", type=int, default=200)
    parser.add_argument("--limit", type=float, default=20.0)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    adopt_orphans()
    command = [options.program, *options.arguments]
    results = []
    if options.runs:
        results.append(series("soak", command, options.runs, options.limit))
    if options.busy:
        burners = [subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "yes"], stdout=subprocess.DEVNULL) for _ in range(os.cpu_count())]
        try:
            results.append(series("soak, cores busy", command, options.busy, options.limit, {b.pid for b in burners}))
        finally:
            for burner in burners:
                burner.kill()
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
