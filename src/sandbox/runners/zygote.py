"""Starts Python for calls by forking, and never runs a tool's code itself.

It lives in a jail of its own (see zygote.ts), the only process there with the power to make namespaces.
Orders come in on descriptor 3, a line each: `start ID UID HELLO SLOT` and `kill ID`; `ready`, `killed ID` and
`gone ID STATUS` go out. A child connects to the server by itself, so that no byte of any call passes through here, and then
closes everything behind it, in this order: cgroup, namespaces, /tmp, limits, identity, capabilities, the filter.
Only then does it read its one request. What fails on the way ends the child: nothing is skipped.

Not protected: children have the zygote's address layout and hash seed in common. The server replaces a
zygote after a number of children.
"""

import ctypes
import gc
import importlib.util
import json
import os
import resource
import select
import signal
import socket
import struct
import sys
import traceback

CONTROL = 3
FILTER = 4
SERVER = "/tmp/server"

NEWNS, NEWCGROUP, NEWUTS = 0x00020000, 0x02000000, 0x04000000
NEWIPC, NEWPID, NEWNET = 0x08000000, 0x20000000, 0x40000000
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 0x2, 0x4, 0x8, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 22, 38, 47
SECCOMP_MODE_FILTER, PR_CAP_AMBIENT_CLEAR_ALL = 2, 4
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)
libc.mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]


def check(result, what):
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


class FilterProgram(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def read_filter():
    with open(FILTER, "rb") as file:
        program = file.read()
    if not program or len(program) % 8:
        raise ValueError("The filter is not whole.")
    kept = ctypes.create_string_buffer(program, len(program))
    return FilterProgram(len(program) // 8, ctypes.addressof(kept)), kept


def connect(hello, kind):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(SERVER)
    connection.sendall(hello.encode() + kind)
    return connection.detach()


def join_cgroups(directories, slot, joined_by):
    for directory in directories:
        with open(f"{directory}/slot-{slot}/{joined_by}", "w") as file:
            file.write("0")


def replace_descriptors(hello):
    """The channel becomes 3, prints 1 and 2; nothing else of the zygote's stays open."""
    channel, prints = connect(hello, b"c"), connect(hello, b"p")
    os.dup2(prints, 1)
    os.dup2(prints, 2)
    os.dup2(channel, 3, inheritable=False)
    os.closerange(4, os.sysconf("SC_OPEN_MAX"))


def enter_namespaces(tmp_options):
    check(libc.unshare(NEWNS | NEWUTS | NEWIPC | NEWNET | NEWCGROUP), "unshare")
    check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "make mounts private")
    # It also covers the way to the server.
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    check(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", flags, tmp_options.encode()), "mount /tmp")
    os.chdir("/tmp")


def set_limits(limits):
    for name, value in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def drop_root(uid):
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    try:
        os.setresuid(0, 0, 0)
    except PermissionError:
        return
    raise PermissionError("Root could be had again.")


def drop_capabilities():
    check(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "clear capabilities")
    header = struct.pack("=Ii", CAPABILITY_VERSION_3, 0)
    check(libc.capset(header, bytes(24)), "drop capabilities")
    left = ctypes.create_string_buffer(24)
    check(libc.capget(header, left), "read capabilities")
    if any(left.raw):
        raise PermissionError("Capabilities are left.")


def become_call(runner, program, settings, uid, hello, slot):
    os.setsid()
    join_cgroups(settings["cgroups"], slot, settings["joinedBy"])
    replace_descriptors(hello)
    enter_namespaces(settings["tmpOptions"])
    set_limits(settings["limits"])
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    if uid != "-":
        drop_root(int(uid))
    drop_capabilities()
    # After the change of identity, which forgets it.
    check(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "die with the zygote")
    address = ctypes.addressof(program)
    check(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, address, 0, 0), "load the filter")


def run_call(runner, *how):
    status = 70
    try:
        become_call(runner, *how)
        runner.rehearse()
        runner.serve(*runner.jail_channel(), runner.wait_in_loop, end_prints=runner.end_prints_in_jail)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


class Zygote:
    def __init__(self, runner, program, settings):
        self.how = (runner, program, settings)
        self.own_namespace = os.pidfd_open(os.getpid())
        self.poller = select.poll()
        self.poller.register(CONTROL, select.POLLIN)
        self.pids = {}
        self.ended_by = {}

    def run(self):
        tell("ready")
        rest = b""
        while True:
            for fd, _event in self.poller.poll():
                if fd != CONTROL:
                    self.bury(fd)
                    continue
                part = os.read(CONTROL, 65536)
                if not part:
                    return
                *lines, rest = (rest + part).split(b"\n")
                for line in lines:
                    self.obey(*line.decode().split(" "))

    def obey(self, order, call, *details):
        if order == "start":
            self.start(call, *details)
        elif call in self.pids:
            os.kill(self.pids[call], signal.SIGKILL)
            tell("killed", call)

    def start(self, call, uid, hello, slot):
        try:
            # What the next child is the first process of; then back, or there would be no second one.
            check(libc.unshare(NEWPID), "unshare")
            pid = None
            try:
                pid = os.fork()
            finally:
                if pid != 0:
                    check(libc.setns(self.own_namespace, NEWPID), "setns")
        except OSError:
            traceback.print_exc()
            tell("gone", call, 70)
            return
        if pid == 0:
            run_call(*self.how, uid, hello, slot)
        ended = os.pidfd_open(pid)
        self.pids[call] = pid
        self.ended_by[ended] = call
        self.poller.register(ended, select.POLLIN)

    def bury(self, ended):
        self.poller.unregister(ended)
        os.close(ended)
        call = self.ended_by.pop(ended)
        _, status = os.waitpid(self.pids.pop(call), 0)
        code = os.waitstatus_to_exitcode(status)
        tell("gone", call, code if code >= 0 else 128 - code)


def tell(*words):
    os.write(CONTROL, (" ".join(map(str, words)) + "\n").encode())


def load_for_calls():
    """What most code needs, once for all children."""
    import asyncio  # noqa: F401
    import base64  # noqa: F401
    import collections  # noqa: F401
    import dataclasses  # noqa: F401
    import datetime  # noqa: F401
    import decimal  # noqa: F401
    import linecache  # noqa: F401
    import math  # noqa: F401
    import random  # noqa: F401
    import re  # noqa: F401
    import types  # noqa: F401
    import typing  # noqa: F401


def load_runner():
    spec = importlib.util.spec_from_file_location("runner", "/signalbox/runner.py")
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    return runner


def main():
    settings = json.loads(sys.argv[1])
    # The first process of a namespace that is this one's own to make others in; it only waits.
    check(libc.unshare(NEWPID | NEWNS), "unshare")
    inner = os.fork()
    if inner != 0:
        _, status = os.waitpid(inner, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 255)
    load_for_calls()
    runner = load_runner()
    runner.prepare_interpreter()
    program, _kept = read_filter()
    gc.collect()
    gc.freeze()
    Zygote(runner, program, settings).run()


if __name__ == "__main__":
    main()
