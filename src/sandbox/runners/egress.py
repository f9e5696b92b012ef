"""Carries connections from a port on the jail's own loopback to the egress proxy's unix socket.

It only saves clients from knowing about unix sockets: the tool's code could talk to that socket itself. What
may pass is decided by the proxy, which knows the call by its credential.
"""

import selectors
import socket
import threading

CHUNK = 65536
MAX_WAITING = 4 * CHUNK


def forward_to(path):
    """Listens on a free port of 127.0.0.1, for as long as the process lives; gives the port."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    listener.setblocking(False)
    threading.Thread(target=carry, args=(listener, path), name="egress", daemon=True).start()
    return listener.getsockname()[1]


def carry(listener, path):
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    while True:
        for key, events in selector.select():
            if key.fileobj is listener:
                accept(selector, listener, path)
            else:
                key.data.turn(key.fileobj, events)


def accept(selector, listener, path):
    try:
        near, _ = listener.accept()
    except OSError:
        return
    try:
        far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        far.connect(path)
    except OSError:
        near.close()
        return
    Pair(selector, near, far)


class Pair:
    """Two ends; what one says waits for the other, and its end of speech is passed on as such."""

    def __init__(self, selector, near, far):
        self.selector = selector
        self.other = {near: far, far: near}
        self.waiting = {near: bytearray(), far: bytearray()}
        self.speaks = {near: True, far: True}
        self.hears = {near: True, far: True}
        self.watched = dict.fromkeys(self.other, 0)
        for end in self.other:
            end.setblocking(False)
        self.watch()

    def turn(self, end, events):
        try:
            if events & selectors.EVENT_READ and self.speaks[end]:
                self.read(end)
            for each in self.other:
                self.write(each)
            self.watch()
        except OSError:
            self.close()

    def read(self, end):
        try:
            chunk = end.recv(CHUNK)
        except BlockingIOError:
            return
        self.speaks[end] = bool(chunk)
        self.waiting[self.other[end]] += chunk

    def write(self, end):
        waiting = self.waiting[end]
        if waiting:
            try:
                del waiting[: end.send(waiting)]
            except BlockingIOError:
                return
        if not waiting and self.hears[end] and not self.speaks[self.other[end]]:
            self.hears[end] = False
            end.shutdown(socket.SHUT_WR)

    def watch(self):
        if not any(self.hears.values()):
            self.close()
            return
        for end, other in self.other.items():
            events = 0
            if self.speaks[end] and len(self.waiting[other]) < MAX_WAITING:
                events |= selectors.EVENT_READ
            if self.waiting[end]:
                events |= selectors.EVENT_WRITE
            self.watch_for(end, events)

    def watch_for(self, end, events):
        before = self.watched[end]
        self.watched[end] = events
        if events == before:
            return
        if not before:
            self.selector.register(end, events, self)
        elif events:
            self.selector.modify(end, events, self)
        else:
            self.selector.unregister(end)

    def close(self):
        for end in self.other:
            self.watch_for(end, 0)
            end.close()
