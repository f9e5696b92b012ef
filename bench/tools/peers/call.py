"""A call as a peer would make it: code and parameters on standard input, the result on standard output."""

import json
import sys

request = json.load(sys.stdin)
tool = {}
exec(compile(request["code"], "tool.py", "exec"), tool)
print(json.dumps(tool["main"](**request["parameters"])))
