"""Runs one call of a Python tool inside the sandbox, and ends.

The request comes in on a private channel, frames go out on it (see channel.ts): descriptor 3 in a jail,
and what runner-pyodide.mjs hands in under Deno.

What the tool's code can do to this file: everything, for it shares the process. It can find the nonce
through frames or the garbage collector, patch json, or end the process. That gets it a lie about its own
result, which it could have returned anyway. The server believes nothing it reads here.
"""

import os
import sys

MAX_RESULT_BYTES = 1024 * 1024
MAX_DEPTH = 200
MAX_FILE_BYTES = 10 * 1024 * 1024
MAX_FILE_NAME = 255
PLAIN = {str, int, bool, type(None)}
REHEARSAL = "def main(n):\n    return {'message': str(n)}\n"
TOOL_FILE = "tool.py"
RUNNER_FILE = (lambda: 0).__code__.co_filename


def read_exactly(fd, size):
    parts = []
    while size > 0:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            os._exit(71)
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def jail_channel():
    """The functions `read(size)` and `write(bytes)` over descriptor 3."""
    fd = 3
    os.set_inheritable(fd, False)

    def write(data):
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view):]

    return (lambda size: read_exactly(fd, size)), write


def rehearse():
    """What a call will need is loaded, and its pages are this process's own, before there is a call."""
    import json

    request = json.loads(json.dumps({"key": "", "code": REHEARSAL, "parametersJson": '{"n": 1}', "secrets": {}}))
    encode_result(call_main(request, None, None))
    del sys.modules["tool"], sys.modules["signalbox"]


def serve(
    read, write, wait, open_network=lambda network: open_network_in_jail(network), end_prints=lambda: None
):
    """Answers the one request; `wait` gives the value of an awaitable. Returns when it is written."""
    import json

    nonce = read(32)
    request = json.loads(read(int(read(8), 16)))

    import _thread

    writing = _thread.allocate_lock()

    def send(kind, payload):
        with writing:
            write(nonce + kind + b"%08x" % len(payload) + payload)

    def fail(failure, error):
        text = json.dumps({"failure": failure, "error": error[:20000]})
        send(b"f", text.encode())

    set_limits(request.get("limits") or {})
    if request["packages"]:
        show_packages(request["packages"])
    if request["network"]:
        open_network(request["network"])
    send(b"s", b"")
    try:
        payload = encode_result(call_main(request, wait, send))
    except InvalidResult as error:
        fail(error.failure, str(error))
    except MemoryError:
        fail("memory", "The code used more memory than its memory_mb.")
    except SystemExit as error:
        fail("threw", f"The code called exit ({error.code!r}) before main returned.")
    except BaseException as error:
        fail("threw", describe(error))
    else:
        end_prints()
        send(b"r", payload)


def set_limits(limits):
    """An interpreter that has waited started with the widest limits; those of its call can only be lower."""
    for name, value in limits.items():
        import resource

        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))


def show_packages(path):
    sys.path.append(path)
    # For libraries only, not for the tool: by itself this one starts a thread for each core.
    os.putenv("OPENBLAS_NUM_THREADS", "1")


def open_network_in_jail(network):
    """Leads clients to the server's egress proxy, by the variables that all of them know."""
    egress = load_beside("egress")
    port = egress.forward_to(network["socketPath"])
    proxy = f"http://call:{network['credential']}@127.0.0.1:{port}"
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        os.environ[name] = proxy
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        os.environ[name] = network["certificatesPath"]


def load_beside(name):
    import importlib.util

    path = os.path.join(os.path.dirname(RUNNER_FILE), name + ".py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call_main(request, wait, send):
    import types

    context = types.ModuleType("signalbox", "What a tool may know of its call.")
    context.call_key = request["key"]
    context.secrets = types.MappingProxyType(request["secrets"])
    context.save_file = file_saver(send)
    sys.modules["signalbox"] = context

    source = request["code"]
    tool = types.ModuleType("tool")
    tool.__file__ = TOOL_FILE
    sys.modules["tool"] = tool
    remember_source(source)
    exec(compile(source, TOOL_FILE, "exec", dont_inherit=True), tool.__dict__)
    main = getattr(tool, "main", None)
    if not callable(main):
        raise InvalidResult("The code defines no function `main`. Add: def main(**params): ...")
    import json

    result = main(**json.loads(request["parametersJson"]))
    return wait(result) if hasattr(result, "__await__") else result


def file_saver(send):
    def save_file(name, data, media_type=None):
        """Keeps a file with the run: text, bytes, or the file at a path of pathlib."""
        import json

        if isinstance(data, os.PathLike):
            with open(data, "rb") as file:
                data = file.read()
        if isinstance(data, str):
            data = data.encode("utf-8")
        elif not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"save_file keeps text, bytes or a pathlib.Path, not {type(data).__name__}")
        if not isinstance(name, str) or not 0 < len(name) <= MAX_FILE_NAME:
            raise ValueError(f"save_file needs a name of 1 to {MAX_FILE_NAME} characters")
        data = bytes(data)
        if len(data) > MAX_FILE_BYTES:
            raise ValueError(f"{name} has {len(data)} bytes; a file may have {MAX_FILE_BYTES}")
        header = json.dumps({"name": name, "mediaType": None if media_type is None else str(media_type)[:200]})
        send(b"a", header.encode() + b"\n" + data)

    return save_file


def wait_in_loop(awaitable):
    import asyncio

    async def wait():
        return await awaitable

    return asyncio.run(wait())


def remember_source(source):
    """Lets tracebacks show the tool's lines, as if the file existed."""
    import linecache

    lines = [line + "\n" for line in source.splitlines()]
    linecache.cache[TOOL_FILE] = (len(source), None, lines, TOOL_FILE)


class InvalidResult(Exception):
    failure = "invalid_result"


class ResultTooLarge(InvalidResult):
    failure = "too_large"


def encode_result(result):
    import json

    if not isinstance(result, dict):
        raise InvalidResult(
            f"main returned {type(result).__name__}. It must return a dict with a string `message`: "
            'return {"message": "...", "rawData": ...}'
        )
    if not isinstance(result.get("message"), str):
        found = type(result["message"]).__name__ if "message" in result else "nothing"
        raise InvalidResult(f"`message` must be a string; main returned {found} there.")
    check_value(result)
    try:
        text = json.dumps(result, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        payload = text.encode("utf-8", "strict")
    except UnicodeEncodeError:
        payload = json.dumps(result, allow_nan=False, separators=(",", ":")).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidResult(f"The result cannot be written as JSON: {error}") from None
    if len(payload) > MAX_RESULT_BYTES:
        raise ResultTooLarge(
            f"The result is {len(payload)} bytes of JSON; at most {MAX_RESULT_BYTES} fit. "
            "Return less, for example a summary or one page."
        )
    return payload


def check_value(root):
    """Says where in the result something is that JSON has no word for. Without recursion."""
    waiting = [(root, "result", 1)]
    while waiting:
        value, path, depth = waiting.pop()
        if isinstance(value, float) and value - value != 0:
            raise InvalidResult(f"{path} is {value!r}, which JSON does not have. Use None or a string.")
        if value is None or isinstance(value, (str, int, float)):
            continue
        if depth > MAX_DEPTH:
            raise ResultTooLarge(
                f"{path[:100]}… is nested deeper than {MAX_DEPTH} levels, or contains itself."
            )
        if isinstance(value, dict):
            for key, inner in value.items():
                if not isinstance(key, (str, int, float, bool, type(None))):
                    raise InvalidResult(f"{path} has a key of type {type(key).__name__}; use strings.")
                if type(inner) not in PLAIN:
                    waiting.append((inner, f"{path}[{key!r}]" if depth < 20 else path, depth + 1))
        elif isinstance(value, (list, tuple)):
            for index, inner in enumerate(value):
                if type(inner) not in PLAIN:
                    waiting.append((inner, f"{path}[{index}]" if depth < 20 else path, depth + 1))
        else:
            raise InvalidResult(
                f"{path} is of type {type(value).__name__}, which JSON does not have. "
                "Convert it, for example with str()."
            )


def describe(error):
    """The error and the tool's own lines that led to it."""
    import traceback

    trace = traceback.TracebackException.from_exception(error, limit=-50)
    trace.stack[:] = [frame for frame in trace.stack if frame.filename != RUNNER_FILE]
    return "".join(trace.format(chain=False)).strip()


def end_prints_in_jail():
    """The server waits for it before it passes the answer on; taking the process down takes longer."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass  # The tool put something else there, or closed it.
    for fd in (1, 2):
        try:
            os.close(fd)
        except OSError:
            pass


def prepare_prints():
    """Prints survive a kill, and odd characters never fail a print."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)


def prepare_interpreter():
    os.environ.clear()
    sys.argv = [TOOL_FILE]
    sys.path[:] = [entry for entry in sys.path if entry != os.path.dirname(RUNNER_FILE)]
    prepare_prints()
    import _thread

    _thread.stack_size(1 << 20)


def main():
    os.dup2(1, 2)
    prepare_interpreter()
    status = 1
    try:
        rehearse()
        serve(*jail_channel(), wait_in_loop, end_prints=end_prints_in_jail)
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
