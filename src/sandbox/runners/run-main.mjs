// Runs one call of a JavaScript tool and answers it; what differs between Node and Deno is handed in.
//
// The tool's code shares this realm. It can patch what it finds, or end the process: that gets it a lie
// about its own result, which it could have returned anyway. What is used after the code has started is
// taken hold of before. The server believes nothing it reads from the channel (see channel.ts).

const maxResultBytes = 1024 * 1024;
const maxDepth = 200;
const maxFileBytes = 10 * 1024 * 1024;
const maxFileName = 255;
const { stringify, parse } = JSON;
const isFiniteNumber = Number.isFinite;
const encoder = new TextEncoder();
const encode = encoder.encode.bind(encoder);

/**
 * Serves the one request.
 * @param {object} host
 * @param {(size: number) => Uint8Array} host.read blocks until that many bytes are there
 * @param {(bytes: Uint8Array) => void} host.write blocks until they are written
 * @param {(source: string, form: 'module' | 'script') => Promise<unknown>} host.load gives `main`
 * @param {(listener: (error: unknown) => void) => void} host.onStray tells of errors outside of `main`
 * @param {() => void} [host.endPrints] called when nothing will be printed any more
 * @param {(network: object) => Promise<void>} host.openNetwork leads clients to the egress proxy
 * @param {RegExp} host.toolInTraces what the tool's file is called in stack traces
 */
export async function serve(host) {
  const { read, write, load, onStray, endPrints, openNetwork, toolInTraces } = host;
  const decoder = new TextDecoder();
  const nonce = read(32);
  const length = Number.parseInt(decoder.decode(read(8)), 16);
  const request = parse(decoder.decode(read(length)));

  const send = (kind, payload) => {
    const frame = new Uint8Array(nonce.length + 9 + payload.length);
    frame.set(nonce, 0);
    frame.set(encode(kind + payload.length.toString(16).padStart(8, '0')), nonce.length);
    frame.set(payload, nonce.length + 9);
    write(frame);
  };
  const fail = (error) => {
    const { failure, text } = describe(error, toolInTraces);
    send('f', encode(stringify({ failure, error: text.slice(0, 20_000) })));
  };
  onStray(fail);
  if (request.network !== null) await openNetwork(request.network);
  send('s', new Uint8Array(0));
  try {
    const main = await load(request.code, request.form);
    if (typeof main !== 'function') {
      throw new InvalidResult(
        'The code defines no function `main`. Add: async function main(params) { ... }',
      );
    }
    const secrets = Object.freeze({ __proto__: null, ...request.secrets });
    const context = Object.freeze({ callKey: request.key, secrets, saveFile: fileSaver(send) });
    const result = encodeResult(await main(parse(request.parametersJson), context));
    endPrints?.();
    send('r', result);
  } catch (error) {
    fail(error);
  }
}

/** What a call will need is loaded and compiled while there is time: before there is a call. */
export async function rehearse(load) {
  const main = await load(
    'async function main({ n }) { return { message: String(n) }; }',
    'script',
  );
  const request = parse(new TextDecoder().decode(encode('{"parametersJson":"{\\"n\\":1}"}')));
  encodeResult(await main(parse(request.parametersJson), Object.freeze({})));
}

/** `saveFile(name, data, {mediaType})` keeps a file with the run: text or bytes. */
function fileSaver(send) {
  return function saveFile(name, data, { mediaType = null } = {}) {
    if (typeof name !== 'string' || name === '' || name.length > maxFileName) {
      throw new TypeError(`saveFile needs a name of 1 to ${maxFileName} characters`);
    }
    const bytes = bytesOf(data);
    if (bytes === null) throw new TypeError(`saveFile keeps text or bytes, not ${typeof data}`);
    if (bytes.length > maxFileBytes) {
      throw new RangeError(`${name} has ${bytes.length} bytes; a file may have ${maxFileBytes}`);
    }
    const type = mediaType === null ? null : String(mediaType).slice(0, 200);
    const header = encode(`${stringify({ name, mediaType: type })}\n`);
    const payload = new Uint8Array(header.length + bytes.length);
    payload.set(header, 0);
    payload.set(bytes, header.length);
    send('a', payload);
  };
}

function bytesOf(data) {
  if (typeof data === 'string') return encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (!ArrayBuffer.isView(data)) return null;
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

class InvalidResult extends Error {
  failure = 'invalid_result';
}

function encodeResult(result) {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    const found = result === null ? 'null' : Array.isArray(result) ? 'an array' : typeof result;
    throw new InvalidResult(
      `main returned ${found}. It must return an object with a string \`message\`: ` +
        'return { message: "...", rawData: ... }',
    );
  }
  if (typeof result.message !== 'string') {
    throw new InvalidResult(
      `\`message\` must be a string; main returned ${typeof result.message} there.`,
    );
  }
  checkValue(result);
  let json;
  try {
    json = stringify(result);
  } catch (error) {
    throw new InvalidResult(`The result cannot be written as JSON: ${error?.message}`);
  }
  const payload = encode(json);
  if (payload.length > maxResultBytes) {
    const tooLarge = new InvalidResult(
      `The result is ${payload.length} bytes of JSON; at most ${maxResultBytes} fit. ` +
        'Return less, for example a summary or one page.',
    );
    tooLarge.failure = 'too_large';
    throw tooLarge;
  }
  return payload;
}

/** Says where in the result something is that JSON has no word for. Without recursion. */
function checkValue(root) {
  const top = { value: root, depth: 1, parent: null, key: null };
  const waiting = [top];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value.toJSON === 'function') continue;
    if (depth > maxDepth) {
      const tooDeep = new InvalidResult(
        `${pathOf(next).slice(0, 100)}… is nested deeper than ${maxDepth} levels, or contains itself.`,
      );
      tooDeep.failure = 'too_large';
      throw tooDeep;
    }
    for (const key of Object.keys(value)) {
      const inner = value[key];
      const problem = problemOf(inner);
      if (problem === null && (typeof inner !== 'object' || inner === null)) continue;
      const entry = { value: inner, depth: depth + 1, parent: next, key };
      if (problem !== null) throw new InvalidResult(`${pathOf(entry)} is ${problem}`);
      waiting.push(entry);
    }
  }
}

/** What is wrong with one value, its parts aside. */
function problemOf(value) {
  if (typeof value === 'number' && !isFiniteNumber(value)) {
    return `${value}, which JSON does not have. Use null or a string.`;
  }
  if (typeof value === 'bigint') {
    return 'a BigInt, which JSON does not have. Use String() or Number().';
  }
  if (typeof value !== 'object' || value === null) return null;
  if (value instanceof Map || value instanceof Set) {
    const kind = value instanceof Map ? 'Map' : 'Set';
    return `a ${kind}, which JSON would lose. Use Object.fromEntries() or Array.from().`;
  }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return "bytes, which JSON does not have. Use Buffer.from(bytes).toString('base64').";
  }
  return null;
}

/** Made only when it is shown: a result may have half a million parts. */
function pathOf(entry) {
  const keys = [];
  for (let at = entry; at.parent !== null; at = at.parent) keys.unshift(at.key);
  return keys.slice(0, 20).reduce((path, key) => `${path}[${stringify(key)}]`, 'result');
}

function describe(error, toolInTraces) {
  if (error instanceof InvalidResult) return { failure: error.failure, text: error.message };
  const text =
    error instanceof Error ? traceOf(error, toolInTraces) : `The code threw ${show(error)}.`;
  const isMemory =
    error instanceof RangeError &&
    /allocation failed|allocate memory|out of memory/i.test(error.message);
  const isWorkerMemory =
    error?.code === 'ERR_WORKER_OUT_OF_MEMORY' || error?.code === 'ERR_MEMORY_ALLOCATION_FAILED';
  return { failure: isMemory || isWorkerMemory ? 'memory' : 'threw', text };
}

/** The error and the tool's own lines that led to it. */
function traceOf(error, toolInTraces) {
  const lines = String(error.stack ?? error).split('\n');
  const own = lines.filter((line) => !/^\s+at /.test(line) || toolInTraces.test(line));
  const cause = error.cause === undefined ? '' : `\nCaused by: ${show(error.cause)}`;
  return own.join('\n').replace(new RegExp(toolInTraces, 'g'), 'tool') + cause;
}

function show(value) {
  try {
    return value instanceof Error ? String(value) : (stringify(value) ?? String(value));
  } catch {
    return `a value of type ${typeof value}`;
  }
}

/** Source of a script, made into an async function that gives its `main`. On one line with its first. */
export function wrapScript(source) {
  const code = source.replace(/^#!/, '//');
  return (
    `(async function (require, module, exports) {${code}\n;` +
    'return typeof main === "undefined" ? (module.exports.main ?? module.exports) : main;})'
  );
}

/** Source of a module that gives away its `main`, exported or not. */
export function exportMain(source) {
  return `${source}\n;export { main as __signalboxMain };`;
}
