"""Peers of the knowledge bench that are Python's, on loopback: embeddings by an OpenAI-compatible API, and bm25s.

    serve_peers.py MODEL_ONNX TOKENIZER_JSON VECTORS_FILE

Prints its base URL when it is ready. What was embedded once is kept in VECTORS_FILE, so that a second measurement of
quality takes minutes.
"""

import json
import os
import resource
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import bm25s
import numpy
import onnxruntime
import Stemmer
from tokenizers import Tokenizer

model_path, tokenizer_path, vectors_path = sys.argv[1:4]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = os.cpu_count() or 1
session = onnxruntime.InferenceSession(model_path, options, providers=["CPUExecutionProvider"])
tokenizer = Tokenizer.from_file(tokenizer_path)
# What all-MiniLM-L6-v2 was trained to read.
tokenizer.enable_truncation(256)
tokenizer.enable_padding()
inputs = {one.name for one in session.get_inputs()}


kept = sqlite3.connect(vectors_path, check_same_thread=False)
kept.execute("CREATE TABLE IF NOT EXISTS vectors (text TEXT PRIMARY KEY, vector BLOB NOT NULL)")
kept_lock = threading.Lock()


def embed_once(texts):
    with kept_lock:
        find = "SELECT vector FROM vectors WHERE text = ?"
        rows = [kept.execute(find, [text]).fetchone() for text in texts]
        missing = [text for text, row in zip(texts, rows) if row is None]
        made = [numpy.asarray(vector, dtype=numpy.float32) for vector in embed(missing)]
        blobs = [(text, vector.tobytes()) for text, vector in zip(missing, made)]
        kept.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", blobs)
        kept.commit()
    rest = iter(made)
    return [next(rest) if row is None else numpy.frombuffer(row[0], numpy.float32) for row in rows]


def embed(texts):
    """Means of the tokens' vectors, of length one. Texts of like length go together: padding costs time."""
    vectors = [None] * len(texts)
    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    for start in range(0, len(order), 16):
        some = order[start : start + 16]
        encoded = tokenizer.encode_batch([texts[at] for at in some])
        mask = numpy.array([one.attention_mask for one in encoded], dtype=numpy.int64)
        given = {
            "input_ids": numpy.array([one.ids for one in encoded], dtype=numpy.int64),
            "attention_mask": mask,
            "token_type_ids": numpy.zeros_like(mask),
        }
        [states, *_] = session.run(None, {name: given[name] for name in inputs})
        if states.ndim == 3:
            weights = mask[:, :, None]
            states = (states * weights).sum(axis=1) / weights.sum(axis=1)
        states = states / numpy.linalg.norm(states, axis=1, keepdims=True)
        for at, vector in zip(some, states):
            vectors[at] = vector
    return vectors


class Words:
    """bm25s as its README shows it: stop words and Snowball stemming of the language, Lucene's BM25."""

    def __init__(self, texts, language, stop_words):
        self.stemmer = Stemmer.Stemmer(language) if language else None
        self.stop_words = stop_words or []
        started = time.perf_counter()
        tokens = bm25s.tokenize(
            texts, stopwords=self.stop_words, stemmer=self.stemmer, show_progress=False
        )
        self.index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        self.index.index(tokens, show_progress=False)
        self.seconds = time.perf_counter() - started

    def search(self, query, limit):
        started = time.perf_counter()
        tokens = bm25s.tokenize(
            [query],
            stopwords=self.stop_words,
            stemmer=self.stemmer,
            show_progress=False,
            return_ids=False,
        )
        found, _ = self.index.retrieve(tokens, k=limit, show_progress=False)
        return [int(at) for at in found[0]], (time.perf_counter() - started) * 1000


words = None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        global words
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/embeddings":
            texts = given["input"] if isinstance(given["input"], list) else [given["input"]]
            data = [
                {"object": "embedding", "index": at, "embedding": [float(x) for x in vector]}
                for at, vector in enumerate(embed_once(texts))
            ]
            answer = {"object": "list", "model": given.get("model"), "data": data}
        elif self.path == "/bm25s/index":
            # Memory that is there for numpy and the model is not the index's.
            before = resident()
            words = Words(given["texts"], given["language"], given["stop_words"])
            answer = {"seconds": words.seconds, "bytes": resident() - before}
        else:
            found, ms = words.search(given["query"], given["limit"])
            answer = {"found": found, "ms": ms}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
