"""Ids that exist, in place of those that were made up, so that the fuzz gets past "not found".

The file named by FUZZ_OBJECTS is {"objects": {"METHOD /path/{id}": {"path": {...}, "fields": {...}}},
"workspace": id or null}. Only valid requests are changed, and only where they name nothing of ours yet;
one in four is left as it was made. An Idempotency-Key is never sent twice: a repeat answers with what the first
request made, which may be deleted by then, and looks like a new object that is not there.

What the server refuses because it has too much to do, and of which it says that nothing was done, is sent again as
it says, up to 20 times: the answer that counts is the one to the request, not to the load of the machine.
"""

import itertools
import json
import os
import re
import time
import zlib

import requests
import schemathesis

with open(os.environ["FUZZ_OBJECTS"], encoding="utf-8") as file:
    given = json.load(file)
keys = itertools.count()
looks_ours = re.compile(r"^([a-z]{2}[0-9a-z]{30}|[0-9a-f]{24}|run_[0-9a-z]{32})$")

send_once = requests.Session.send


def send(session, request, **options):
    for _ in range(20):
        response = send_once(session, request, **options)
        if response.status_code != 503 or "Nothing of the request was done" not in response.text:
            return response
        time.sleep(float(response.headers["Retry-After"]))
    return response


requests.Session.send = send


def is_left(*values):
    return zlib.crc32(repr(values).encode()) % 4 == 0


def is_linked(known, name, value):
    return bool(looks_ours.match(str(value))) and value != known["path"].get(name)


@schemathesis.hook
def before_call(context, case, kwargs):
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive:
        return
    if any(name.lower() == "idempotency-key" for name in case.headers or {}):
        case.headers["Idempotency-Key"] = f"{os.getpid()}-{next(keys)}"
    known = given["objects"].get(f"{case.operation.method.upper()} {case.operation.path}")
    if known is None:
        return
    for name, value in (case.path_parameters or {}).items():
        if name in known["path"] and not looks_ours.match(str(value)) and not is_left(name, value):
            case.path_parameters[name] = known["path"][name]
    if isinstance(case.body, dict):
        for name, value in list(case.body.items()):
            if name not in known["fields"] or is_left(name, value):
                continue
            id_of = known["fields"][name]
            case.body[name] = [id_of] if isinstance(value, list) else id_of
    for name, value in list((case.query or {}).items()):
        if name in known["fields"] and not is_left(name, value):
            case.query[name] = known["fields"][name]
    workspace = given["workspace"]
    if workspace is not None and known["workspace"] is not None and not is_left(case.query, case.body):
        if known["workspace"] == "query":
            # What another request has just made is in the workspace that it was made in.
            if any(is_linked(known, name, value) for name, value in (case.path_parameters or {}).items()):
                return
            case.query = {**(case.query or {}), "workspace_id": workspace}
        elif known["workspace"] == "header":
            case.headers["X-Workspace-Id"] = workspace
        elif isinstance(case.body, dict):
            case.body["workspace_id"] = workspace
