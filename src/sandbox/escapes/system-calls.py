"""What attempts.py calls of the kernel, most of it by number, since Python has no word for it."""

import os


def libc():
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def syscall(numbers, *arguments):
    import ctypes
    import platform

    number = numbers[0 if platform.machine() == "x86_64" else 1]
    if number is None:
        raise OSError("no such call here")
    result = libc().syscall(ctypes.c_long(number), *[
        ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments
    ])
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def handle_of_file():
    import ctypes

    handle = ctypes.create_string_buffer((128).to_bytes(4, "little"), 136)
    return syscall((303, 264), -100, b"/", handle, ctypes.create_string_buffer(4), 0)


def made(*how):
    import socket

    return str(socket.socket(*how))


def peer(option):
    import socket

    one, _other = socket.socketpair()
    return one.getsockopt(socket.SOL_SOCKET, option, 12)


def urgent():
    import socket

    one, _other = socket.socketpair()
    return one.send(b"x", socket.MSG_OOB)


def own_by_handle():
    return syscall((438, 438), syscall((434, 434), os.getpid(), 0), 0, 0)


def read_memory():
    import ctypes

    into = ctypes.create_string_buffer(8)
    vector = (ctypes.c_void_p * 2)(ctypes.addressof(into), 8)
    return syscall((310, 270), os.getpid(), vector, 1, vector, 1, 0)


def advise_by_handle():
    import ctypes
    import mmap

    pages = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    address = ctypes.addressof(ctypes.c_char.from_buffer(pages))
    vector = (ctypes.c_void_p * 2)(address, 4096)
    return syscall((440, 440), syscall((434, 434), os.getpid(), 0), vector, 1, 20, 0)


def cloned(flags):
    child = syscall((56, 220), flags | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    return os.waitpid(child, 0)


def cloned_newly(flags):
    import ctypes

    arguments = ctypes.create_string_buffer(flags.to_bytes(8, "little") + bytes(24) + (17).to_bytes(8, "little"), 88)
    child = syscall((435, 435), arguments, 88)
    if child == 0:
        os._exit(0)
    return os.waitpid(child, 0)


def join(name):
    with open(f"/proc/self/ns/{name}") as file:
        return syscall((308, 268), file.fileno(), 0)


def ring():
    import ctypes

    return syscall((425, 425), 2, ctypes.create_string_buffer(128))


def bpf_map():
    import ctypes

    array, key, value, entries = 2, 4, 4, 1
    attributes = b"".join(n.to_bytes(4, "little") for n in (array, key, value, entries))
    return syscall((321, 280), 0, ctypes.create_string_buffer(attributes, 128), 128)


def counters():
    import ctypes

    attributes = b"".join(n.to_bytes(4, "little") for n in (1, 112)) + bytes(32) + (1 << 5).to_bytes(8, "little")
    return syscall((298, 241), ctypes.create_string_buffer(attributes, 112), 0, -1, -1, 0)


def mapped(flags):
    import mmap

    return str(mmap.mmap(-1, 4096, flags=flags))


def larger_pipe():
    import fcntl

    return fcntl.fcntl(os.pipe()[0], 1031, 1 << 20)


def advise():
    import mmap

    return str(mmap.mmap(-1, 8192, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).madvise(12))


def typed():
    import fcntl

    return str(fcntl.ioctl(os.openpty()[1], 0x5412, b"x"))


def hostname():
    name = os.uname().nodename.encode()
    return syscall((170, 161), name, len(name))


def loaded():
    import ctypes
    import glob

    [library, *_] = glob.glob("/lib/*/libc.so.6") + glob.glob("/lib64/libc.so.6")
    copy = f"/tmp/{os.getpid()}-library.so"
    with open(library, "rb") as original, open(copy, "wb") as file:
        file.write(original.read())
    try:
        return str(ctypes.CDLL(copy))
    finally:
        os.unlink(copy)
