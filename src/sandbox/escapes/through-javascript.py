"""Python under Deno is asked for little itself: it goes for the JavaScript around it, by every way to it."""

import js
import json
import os
import sys


async def main(secret_file, secret_variable, outside, port, dns_port, socket_path, abstract_name, pid):
    from pyodide.code import run_js
    from pyodide.ffi import to_js

    path = json.dumps(secret_file)
    read = f"Deno.readTextFileSync({path})"
    sources = {
        "deno: read": read,
        "deno: read what is its own": "Deno.readTextFileSync('/etc/passwd')",
        "deno: folder": "Array.from(Deno.readDirSync('/')).length",
        "deno: write": f"Deno.writeTextFileSync({json.dumps(outside + '/escaped')}, 'x')",
        "deno: write into Python’s folder": "Deno.writeTextFileSync(Deno.args[0] + '/pyodide.mjs', '')",
        "deno: environment": "JSON.stringify(Deno.env.toObject())",
        "deno: program": "new Deno.Command('/bin/true').outputSync().code",
        "deno: signal": f"Deno.kill({pid}, 'SIGCONT')",
        "deno: native code": f"Deno.dlopen({path}, {{}})",
        "deno: network": f"Deno.connect({{hostname: '127.0.0.1', port: {port}}})",
        "deno: fetch": f"fetch('http://127.0.0.1:{port}/').then((r) => r.text()).then((t) => t === 'reached' ? t : Promise.reject(t))",
        "deno: module": f"import({json.dumps('file://' + outside + '/module.mjs')})",
        "n8n: CVE-2025-68668, a program by the bridge": "import('node:child_process').then((c) => c.execSync('id').toString())",
        "n8n: CVE-2025-68668, the environment by the bridge": f"import('node:process').then((p) => p.default.env[{json.dumps(secret_variable)}].length)",
        "Pyodide: a file by the bridge": f"import('node:fs').then((fs) => fs.readFileSync({path}, 'utf8'))",
        "Pyodide: the function behind all": f"(() => {{}}).constructor('return {read.replace(chr(39), chr(34))}')()",
    }
    found = {}
    for name, source in sources.items():
        found[name] = await tried(lambda: js.eval(source))
    found["Pyodide: run_js"] = await tried(lambda: run_js(read))
    found["Pyodide: loading a file of the host"] = await tried(lambda: host_api().loadBinaryFile(secret_file))
    found["Pyodide: a proxy's constructor"] = await tried(lambda: js.Object.constructor(f"return {read}")())
    found["Pyodide: mounting the host"] = await tried(lambda: mount(to_js, secret_file))
    found["Pyodide: a package of the host"] = await tried(lambda: host_module().loadPackage("file://" + secret_file, checkIntegrity=False))
    return {"message": "tried", "rawData": found}


def host_module():
    import pyodide_js

    return pyodide_js


def host_api():
    return host_module()._api


def mount(to_js, secret_file):
    host = host_module()
    os.mkdir("/host")
    folder, name = os.path.split(secret_file)
    host.FS.mount(host.FS.filesystems.NODEFS, to_js({"root": folder}, dict_converter=js.Object.fromEntries), "/host")
    with open("/host/" + name) as file:
        return file.read()


async def tried(attempt):
    try:
        value = attempt()
        if hasattr(value, "then"):
            value = await value
        return f"escaped: {value}"[:200]
    except BaseException as error:
        return f"held: {error}"[:200]
