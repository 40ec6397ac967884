#!/usr/bin/env python3
"""Fails if anything of a Viceroy program is left: a process, a unix socket, a shared-memory object, a file.

usage: clean-check [--within SECONDS] [--mark KEY=VALUE]

A child is known by the VICEROY_BOOTSTRAP_ADDR it was started with; with --mark only processes started with that in their
environment count (children inherit their parent's), so that several runs on one machine do not see each other.
"""
import argparse
import os
import select
import sys
import time
from pathlib import Path

CHILD = b"VICEROY_BOOTSTRAP_ADDR="


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def stat(process):
    """State and parent of /proc/N; nothing once it is gone."""
    fields = read(process / "stat").rpartition(b")")[2].split()
    return (fields[0], int(fields[1])) if fields else (b"X", 0)


def environment_of(process, limit_s=1.0):
    """Its environment. While a process begins another program it has neither that nor arguments, which is soon over; a kernel thread,
    which never has them, has no program either."""
    end = time.monotonic() + limit_s
    while True:
        environment = read(process / "environ")
        if environment or read(process / "cmdline") or stat(process)[0] in (b"Z", b"X") or time.monotonic() >= end:
            return environment.split(b"\0")
        try:
            os.readlink(process / "exe")
        except OSError:
            return []
        os.sched_yield()


def processes(mark=None, parent=None):
    """Living processes that bear the mark, or whose parent is this one (a subreaper is given every orphan below it)."""
    wanted = mark.encode() if mark else CHILD
    for process in Path("/proc").glob("[0-9]*"):
        state, its_parent = stat(process)
        if state in (b"Z", b"X"):
            continue
        environment = environment_of(process)
        if its_parent == parent or any(e == wanted if mark else e.startswith(wanted) for e in environment):
            command = read(process / "cmdline").replace(b"\0", b" ").decode(errors="replace").strip()
            yield int(process.name), f"process {process.name}: {command}"


def sockets():
    for line in read(Path("/proc/net/unix")).decode(errors="replace").splitlines()[1:]:
        name = line.split()[7:8]
        if name and "viceroy" in name[0]:
            yield f"socket {name[0]}"


def files():
    for folder in ("/dev/shm", "/tmp", "/run"):
        yield from (f"file {path}" for path in Path(folder).glob("*viceroy*") if path.is_socket() or folder == "/dev/shm")


def left(mark=None):
    """Everything that is left, in words. Sockets and files bear no mark, so a marked question is about processes."""
    return [text for _, text in processes(mark)] + ([] if mark else [*sockets(), *files()])


def await_end(pid, seconds):
    """Waits for the kernel's word that a process has ended, at most for so long."""
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return   # it is gone
    try:
        select.select([descriptor], [], [], max(0, seconds))
    finally:
        os.close(descriptor)


def left_after(seconds, look=left, pids=processes):
    """What look() still finds after so long; as soon as it finds nothing twice, nothing: the second time for a process that was
    begun by one that ended while we looked. `pids()` yields the processes whose end is awaited; sockets and files go with them."""
    end, clean = time.monotonic() + seconds, 0
    while clean < 2:
        found = look()
        clean = 0 if found else clean + 1
        if found and time.monotonic() >= end:
            return found
        for pid, _ in pids() if found else ():
            await_end(pid, end - time.monotonic())
        os.sched_yield()
    return []


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--within", type=float, default=2.0)
    parser.add_argument("--mark")
    options = parser.parse_args()
    found = left_after(options.within, lambda: left(options.mark), lambda: processes(options.mark))
    print(*(f"left after {options.within} s: {what}" for what in found), sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
