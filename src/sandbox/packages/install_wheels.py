"""Puts locked wheels into a folder. Needs nothing but Python's standard library.

Standard input: `{"folder": …, "wheels": [{"file", "name", "sha256"}]}`. Where wheels come from is what pip is
set to on this machine (its environment variables and pip.conf). Only files with the locked hash are opened,
only wheels are taken, and nothing of them is run: they are unpacked and compiled.
"""

import base64
import compileall
import concurrent.futures
import configparser
import hashlib
import html.parser
import json
import netrc
import os
import py_compile
import re
import shutil
import ssl
import stat
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile

# The public index, which pip asks when nothing else is set.
PUBLIC_INDEX = "https://{}.org/simple".format("pypi")
TYPES = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"
MAX_PAGE_BYTES = 64 << 20


class Failed(Exception):
    pass


def main():
    given = json.load(sys.stdin)
    os.umask(0o022)
    try:
        install(given["wheels"], given["folder"])
    except Failed as error:
        sys.exit(str(error))


def install(wheels, folder):
    settings = Settings()
    os.makedirs(folder)
    with tempfile.TemporaryDirectory(dir=os.path.dirname(folder)) as downloads:
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            paths = list(pool.map(lambda wheel: download(settings, wheel, downloads), wheels))
        for path in paths:
            unpack(path, folder)
    # Sources never change: nobody needs to ask for their times.
    compileall.compile_dir(
        folder,
        quiet=2,
        rx=re.compile(r"[/\\]tests?[/\\]"),
        stripdir=folder,
        prependdir="/signalbox/packages/site-packages",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )


class Settings:
    """What pip would use: environment, then the files, the nearest to the user last."""

    def __init__(self):
        self.values = {}
        for path in config_files():
            parser = configparser.RawConfigParser()
            try:
                parser.read(path, encoding="utf-8")
            except (configparser.Error, UnicodeDecodeError) as error:
                raise Failed(f"{path} cannot be read: {error}") from None
            for section in ("global", "install"):
                if parser.has_section(section):
                    self.values.update(parser.items(section))
        for name, value in os.environ.items():
            if name.startswith("PIP_") and value:
                self.values[name[4:].lower().replace("_", "-")] = value

    def words(self, name):
        return self.values.get(name, "").split()

    @property
    def indexes(self):
        if self.values.get("no-index", "").lower() in ("1", "true", "yes", "on"):
            return []
        return [*(self.words("index-url") or [PUBLIC_INDEX])[:1], *self.words("extra-index-url")]

    def context_for(self, host):
        trusted = {entry.rsplit(":", 1)[0] for entry in self.words("trusted-host")}
        if host in trusted:
            return ssl._create_unverified_context()
        return ssl.create_default_context(cafile=self.values.get("cert"))


def config_files():
    chosen = os.environ.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return []
    home = os.path.expanduser("~")
    system = os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")
    user = os.environ.get("XDG_CONFIG_HOME", os.path.join(home, ".config"))
    files = [os.path.join(folder, "pip/pip.conf") for folder in reversed(system)]
    files += ["/etc/pip.conf", os.path.join(home, ".pip/pip.conf"), os.path.join(user, "pip/pip.conf")]
    return [*files, *([chosen] if chosen else [])]


def download(settings, wheel, folder):
    path = os.path.join(folder, wheel["file"])
    reasons = []
    for url in places_of(settings, wheel, reasons):
        try:
            digest = save(settings, url, path)
        except (OSError, ValueError) as error:
            reasons.append(f"{shown(url)}: {error}")
            continue
        if digest == wheel["sha256"]:
            return path
        reasons.append(f"{shown(url)}: it has another hash than the lock ({digest})")
    raise Failed(
        f"{wheel['file']} could not be had. {'; '.join(reasons[:4]) or 'No package index has it.'} "
        "Where packages come from is what pip is set to: PIP_INDEX_URL, PIP_FIND_LINKS, PIP_CERT or pip.conf."
    )


def places_of(settings, wheel, reasons):
    for place in settings.words("find-links"):
        if os.path.isdir(place):
            path = os.path.join(os.path.abspath(place), wheel["file"])
            if os.path.isfile(path):
                yield "file://" + urllib.parse.quote(path)
        elif "://" in place:
            yield from links_on(settings, place, wheel["file"], reasons)
    for index in settings.indexes:
        page = f"{index.rstrip('/')}/{wheel['name']}/"
        yield from links_on(settings, page, wheel["file"], reasons)


def links_on(settings, page, file, reasons):
    try:
        with ask(settings, page, {"Accept": TYPES}) as answer:
            text = answer.read(MAX_PAGE_BYTES).decode("utf-8", "replace")
            base, kind = answer.geturl(), answer.headers.get_content_type()
        if kind.endswith("json"):
            links = [entry["url"] for entry in json.loads(text)["files"]]
        else:
            reader = Links()
            reader.feed(text)
            links = reader.found
    except (OSError, ValueError, KeyError, TypeError) as error:
        reasons.append(f"{shown(page)}: {error}")
        return
    for link in links:
        url = urllib.parse.urldefrag(urllib.parse.urljoin(base, link))[0]
        if urllib.parse.unquote(url.rsplit("/", 1)[-1]) == file and url.startswith(("https:", "http:")):
            yield with_credentials_of(page, url)


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        link = dict(attributes).get("href")
        if tag == "a" and link:
            self.found.append(link)


def with_credentials_of(page, url):
    """A password for the index is one for what it has on the same host, too."""
    one, other = urllib.parse.urlsplit(page), urllib.parse.urlsplit(url)
    if other.username is not None or one.username is None or one.hostname != other.hostname:
        return url
    user = one.netloc.rpartition("@")[0]
    return urllib.parse.urlunsplit(other._replace(netloc=f"{user}@{other.netloc}"))


def ask(settings, url, headers):
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "file":
        return urllib.request.urlopen(url)
    name, password = parts.username, parts.password
    if name is None:
        name, password = from_netrc(parts.hostname)
    if name is not None:
        pair = f"{urllib.parse.unquote(name)}:{urllib.parse.unquote(password or '')}"
        headers = {**headers, "Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
    bare = urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    opener = urllib.request.build_opener(
        SafeRedirects(), urllib.request.HTTPSHandler(context=settings.context_for(parts.hostname))
    )
    timeout = float(settings.values.get("timeout") or settings.values.get("default-timeout") or 30)
    request = urllib.request.Request(bare, headers={"User-Agent": "signalbox", **headers})
    return opener.open(request, timeout=timeout)


class SafeRedirects(urllib.request.HTTPRedirectHandler):
    """A password does not follow to another host."""

    def redirect_request(self, request, *rest):
        following = super().redirect_request(request, *rest)
        if following is not None and following.host != request.host:
            following.headers.pop("Authorization", None)
        return following


def from_netrc(host):
    try:
        found = netrc.netrc().authenticators(host)
    except (OSError, netrc.NetrcParseError):
        return None, None
    return (found[0], found[2]) if found else (None, None)


def save(settings, url, path):
    digest = hashlib.sha256()
    with ask(settings, url, {}) as answer, open(path, "wb") as file:
        while True:
            part = answer.read(1 << 18)
            if not part:
                return digest.hexdigest()
            digest.update(part)
            file.write(part)


def unpack(path, folder):
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            target = target_of(entry)
            if target is None:
                continue
            inside = os.path.join(folder, *target)
            os.makedirs(os.path.dirname(inside), exist_ok=True)
            with archive.open(entry) as source, open(inside, "wb") as file:
                shutil.copyfileobj(source, file)


def target_of(entry):
    """Where in the folder an entry of a wheel belongs; None for what tools cannot use."""
    parts = entry.filename.split("/")
    if entry.is_dir():
        return None
    if stat.S_ISLNK(entry.external_attr >> 16) or any(part in ("", ".", "..") or "\\" in part for part in parts):
        raise Failed(f"A wheel has an entry that leads elsewhere: {entry.filename!r}.")
    if parts[0].endswith(".data"):
        return parts[2:] if parts[1:2] and parts[1] in ("purelib", "platlib") else None
    return parts


def shown(url):
    parts = urllib.parse.urlsplit(url)
    return urllib.parse.urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))


if __name__ == "__main__":
    main()
