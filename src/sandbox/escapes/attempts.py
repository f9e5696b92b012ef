"""A tool that tries to leave the sandbox. Run outside of one, it is the control: there its attempts succeed.

Each attempt is named `class: what`. Outside, each is made in a process of its own, so that what it does to
that does not spoil the next; in the jail none can be had, and all are made in the call's own. It goes behind system-calls.py.
"""

import json
import os
import sys


def main(secret_file, secret_variable, outside, port, dns_port, socket_path, abstract_name, pid):
    def make(kind, names, act):
        return [(f"{kind}: {name}", lambda value=value: act(value)) for name, value in names.items()]

    def read(path):
        with open(path, "rb") as file:
            return file.read(100)

    def write(path):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
        return "opened for writing"

    def linked(link):
        path = f"/tmp/{os.getpid()}-{link.__name__}"
        try:
            link(secret_file, path)
            return read(path)
        finally:
            if os.path.lexists(path):
                os.unlink(path)

    def environment():
        return os.environ[secret_variable]

    def connect(family, address, kind=None):
        import socket

        connection = socket.socket(family, kind or socket.SOCK_STREAM)
        connection.settimeout(5)
        connection.connect(address)
        return "connected"

    def ask_name_server():
        import socket

        query = b"\0\1\1\0\0\1\0\0\0\0\0\0\4evil\4test\0\0\1\0\1"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(5)
            client.sendto(query, ("127.0.0.1", dns_port))
            return client.recv(512)

    def listen():
        import socket

        server = socket.socket()
        server.bind(("127.0.0.1", 0))
        server.listen()
        return "listens"

    def fork():
        child = os.fork()
        if child == 0:
            os._exit(0)
        return os.waitpid(child, 0)

    def daemon():
        if os.fork() == 0:
            os.setsid()
            os._exit(0)
        return "outlives"

    def start(*command):
        import subprocess

        return subprocess.run(command or [sys.executable, "-c", "1"], check=True).returncode

    def spawn():
        path = os.path.realpath(sys.executable)
        return os.waitpid(os.posix_spawn(path, [path, "-c", "1"], {}), 0)

    def become():
        path = os.path.realpath(sys.executable)
        os.execv(path, [path, "-c", "import sys; sys.exit(77)"])

    def queue_signal():
        import ctypes

        info = ctypes.create_string_buffer((0).to_bytes(8, "little") + (-1).to_bytes(4, "little", signed=True), 128)
        return syscall((129, 138), pid, 0, info)

    def signal_by_handle():
        return syscall((424, 424), syscall((434, 434), pid, 0), 0, 0, 0)

    def mounted():
        target = os.path.join(outside, "mount").encode()
        syscall((165, 40), b"tmpfs", target, b"tmpfs", 0, None)
        return syscall((166, 39), target, 2)

    def limits_of_server():
        import resource

        return resource.prlimit(pid, resource.RLIMIT_NOFILE)

    def owner():
        import fcntl

        return fcntl.fcntl(os.pipe()[0], 8, pid)

    import socket

    inet, inet6, unix = socket.AF_INET, socket.AF_INET6, socket.AF_UNIX
    up = "../" * 30
    attempts = [
        *make("host files", {
            "a secret": secret_file,
            "a secret by a way up": up + secret_file,
            "accounts": "/etc/passwd",
            "names of hosts": "/etc/hosts",
            "the kernel's settings": "/proc/sys/kernel/hostname",
            "devices": "/sys/class/net/lo/address",
            "mounts": "/proc/mounts",
            "kernel's log": "/dev/kmsg",
        }, lambda path: read(path)),
        ("host files: the folder of temporary files", lambda: [x for x in os.listdir(outside) if x][0]),
        ("host files: by a handle", handle_of_file),
        ("symlinks: soft", lambda: linked(os.symlink)),
        ("symlinks: hard", lambda: linked(os.link)),
        ("symlinks: through the first process's root", lambda: read("/proc/1/root" + secret_file)),
        ("symlinks: through the own root", lambda: read("/proc/self/root" + secret_file)),
        ("symlinks: through an open folder", lambda: os.readlink("/proc/self/cwd")),
        ("environment: a variable", environment),
        *make("environment: of", {
            "the own first memory": "/proc/self/environ",
            "the jail's first process": "/proc/1/environ",
            "the server": f"/proc/{pid}/environ",
        }, read),
        ("processes: list", lambda: [name for name in os.listdir("/proc") if name == str(pid)][0]),
        *make("processes: read", {
            "command": f"/proc/{pid}/cmdline",
            "memory map": f"/proc/{pid}/maps",
            "own memory": "/proc/self/maps",
            "first one's command": "/proc/1/cmdline",
        }, read),
        ("processes: session", lambda: os.getsid(pid)),
        ("processes: group", lambda: os.getpgid(pid)),
        ("processes: processors", lambda: os.sched_getaffinity(pid)),
        ("processes: priority", lambda: os.getpriority(os.PRIO_PROCESS, pid)),
        ("processes: limits", limits_of_server),
        ("processes: compare", lambda: syscall((312, 272), os.getpid(), os.getpid(), 1, 0, 0)),
        ("processes: handle", lambda: syscall((434, 434), pid, 0)),
        ("processes: descriptor by handle", lambda: own_by_handle()),
        ("signals: none to the server", lambda: os.kill(pid, 0) or "signalled"),
        ("signals: to a thread", lambda: syscall((234, 131), pid, pid, 0)),
        ("signals: queued", queue_signal),
        ("signals: by handle", signal_by_handle),
        ("signals: by a descriptor's owner", owner),
        ("ptrace: be traced", lambda: syscall((101, 117), 0, 0, 0, 0)),
        ("ptrace: read memory", read_memory),
        ("ptrace: advise memory", advise_by_handle),
        *make("writing outside", {
            "the test's folder": f"{outside}/escaped",
            "the library": os.__file__,
            "memory of processes": "/proc/self/mem",
            "accounts": "/etc/passwd",
            "kernel's settings": "/proc/sys/vm/swappiness",
            "a terminal": "/dev/ptmx",
            "shared memory": "/dev/shm/signalbox-escaped",
        }, write),
        ("writing outside: times of a device", lambda: os.utime("/dev/null") or "touched"),
        ("writing outside: a folder", lambda: os.mkdir(f"{outside}/made-{os.getpid()}") or "made"),
        ("sockets: tcp", lambda: connect(inet, ("127.0.0.1", port))),
        ("sockets: unix", lambda: connect(unix, socket_path)),
        ("sockets: abstract", lambda: connect(unix, "\0" + abstract_name)),
        ("sockets: listen", listen),
        *make("sockets: raw", {
            "icmp": (inet, socket.SOCK_RAW, 1),
            "tcp": (inet, socket.SOCK_RAW, 6),
            "packets": (17, socket.SOCK_RAW, 0),
            "of six": (inet6, socket.SOCK_RAW, 58),
        }, lambda how: made(*how)),
        *make("sockets: kind", {
            "datagrams": (inet, socket.SOCK_DGRAM),
            "of six": (inet6, socket.SOCK_STREAM),
            "unix datagrams": (unix, socket.SOCK_DGRAM),
            "unix packets": (unix, socket.SOCK_SEQPACKET),
            "netlink": (16, socket.SOCK_RAW, 0),
        }, lambda how: made(*how)),
        ("sockets: who is at the other end", lambda: peer(17)),
        ("sockets: handle of the other end", lambda: peer(77)),
        ("sockets: urgent data", urgent),
        ("dns: ask a name server", ask_name_server),
        ("namespaces: user", lambda: syscall((272, 97), 0x10000000)),
        ("namespaces: user and mounts", lambda: syscall((272, 97), 0x10020000)),
        ("namespaces: network", lambda: syscall((272, 97), 0x50000000)),
        ("namespaces: none new", lambda: syscall((272, 97), 0)),
        ("namespaces: of a child", lambda: cloned(0x10000000)),
        ("namespaces: of a child, newly", lambda: cloned_newly(0x10000000)),
        ("namespaces: join", lambda: join("net")),
        ("mount: a tmpfs", mounted),
        ("mount: open a file system", lambda: syscall((430, 430), b"tmpfs", 0)),
        ("mount: open a tree", lambda: syscall((428, 428), -100, b"/", 0)),
        ("mount: another root", lambda: os.chroot("/") or "changed"),
        ("mount: join others' mounts", lambda: join("mnt")),
        ("bpf: a map", bpf_map),
        ("bpf: counters", counters),
        ("io_uring: set up", ring),
        ("keyrings: the session's", lambda: syscall((250, 219), 0, -3, 0)),
        ("keyrings: add", lambda: syscall((248, 217), b"user", b"signalbox", b"x", 1, -2)),
        *make("/proc/self/exe", {"read": "/proc/self/exe"}, read),
        ("/proc/self/exe: follow", lambda: os.readlink("/proc/self/exe")),
        ("/proc/self/exe: start", lambda: start("/proc/self/exe", "-c", "1")),
        ("/proc/self/exe: descriptors", lambda: os.listdir("/proc/self/fd")),
        ("fork: a process", fork),
        ("fork: by a raw call", lambda: cloned(0)),
        ("fork: newly", lambda: cloned_newly(0)),
        ("fork: a program", start),
        ("fork: a program, at once", spawn),
        ("fork: a shell", lambda: start("/bin/sh", "-c", "true")),
        ("fork: another program in its place", become),
        ("daemons: leave the session", daemon),
        ("memory: a file without a name", lambda: os.memfd_create("x")),
        ("memory: shared", lambda: mapped(0x21)),
        ("memory: growing down", lambda: mapped(0x122)),
        ("memory: a shared segment", lambda: syscall((29, 194), 0, 4096, 0o1600)),
        ("memory: a queue", lambda: syscall((68, 186), 0, 0o1600)),
        ("memory: semaphores", lambda: syscall((64, 190), 0, 1, 0o1600)),
        ("memory: a larger pipe", larger_pipe),
        ("memory: faults of its own", lambda: syscall((323, 282), 1)),
        ("memory: in common with others", advise),
        ("memory: another policy", lambda: syscall((238, 237), 0, 0, 0)),
        ("native code: a library from /tmp", loaded),
        ("identity: root", lambda: os.setresuid(0, 0, 0) or "is root"),
        ("identity: of files", lambda: os.chown(f"{outside}/secret", -1, -1) or "may"),
        ("machine: its name", hostname),
        ("machine: personality", lambda: syscall((135, 92), 0xFFFFFFFF)),
        ("machine: a terminal", typed),
        ("machine: terminals", lambda: os.openpty()),
        ("machine: priorities", lambda: syscall((251, 30), 1, 0, 0)),
    ]
    return {"message": "tried", "rawData": {name: outcome(act) for name, act in attempts}}


def outcome(attempt):
    """In a process of its own where there is one to be had: `become` does not return."""
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except (OSError, AttributeError):
        os.close(reading)
        os.close(writing)
        return tried(attempt)
    if child == 0:
        os.write(writing, tried(attempt).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as said:
        found = said.read()
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) == 77:
        return "escaped: became another"
    return found or f"held: the process ended ({status})"


def tried(attempt):
    try:
        return f"escaped: {attempt()}"[:200]
    except BaseException as error:
        return f"held: {type(error).__name__}: {error}"[:200]


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))["rawData"]))
