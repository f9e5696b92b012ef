"""A tool that tells of everything it finds that is not its own, and then leaves all it can behind."""

import builtins
import gc
import os
import threading
import time


def main(mark, directory, first_pid):
    found = [f"file {name}" for name in os.listdir(directory)]
    found += [f"variable {name}" for name in os.environ]
    found += [f"process {pid}" for pid in range(first_pid, first_pid + 400) if is_there(pid)]
    if first_pid > os.getpid() > 2:
        found.append(f"process numbers up to its own, {os.getpid()}")
    found += [f"descriptor {fd}" for fd in range(4, 256) if is_open(fd)]
    found += [f"thread {thread.name}" for thread in threading.enumerate()[1:]]
    found += [f"builtin {name}" for name in vars(builtins) if name.startswith("left")]
    found += [f"memory {text}" for text in marks_in_memory() if text != mark]

    with open(os.path.join(directory, mark), "w") as file:
        file.write(mark)
    os.environ["LEFT"] = mark
    builtins.left = mark
    threading.Thread(target=time.sleep, args=(60,), daemon=True, name=mark).start()
    os.dup2(1, 99)
    return {"message": mark, "rawData": found}


def is_there(pid):
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def is_open(fd):
    try:
        os.fstat(fd)
    except OSError:
        return False
    return True


def marks_in_memory():
    for thing in gc.get_objects():
        if type(thing) is dict:
            for value in list(thing.values()):
                if type(value) is str and value.startswith("mark-"):
                    yield value


if __name__ == "__main__":
    # The control: twice in one process, in one directory. The second finds what the first has left.
    import json
    import sys

    first = main("mark-one", sys.argv[1], os.getppid())
    second = main("mark-two", sys.argv[1], os.getppid())
    print(json.dumps([first["rawData"], second["rawData"]]))
