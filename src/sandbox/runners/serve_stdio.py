"""Runs a program that stays in the jail, on Python: it becomes the program.

What it is told of it comes on descriptor 3, so that no value of it stands in a command line.
"""

import json
import os
import runpy
import sys


with os.fdopen(3, "rb") as channel:
    order = json.loads(channel.read())
os.environ.clear()
os.environ.update(order["env"])
sys.path[:0] = ["/server", "/server/site-packages"]
if order["network"] is not None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("runner", "/signalbox/runner.py")
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    runner.open_network_in_jail(order["network"])
os.chdir("/server")
if order["main"] == "-m":
    module, *arguments = order["args"]
    sys.argv[:] = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
else:
    sys.argv[:] = [order["main"], *order["args"]]
    runpy.run_path(order["main"], run_name="__main__")
