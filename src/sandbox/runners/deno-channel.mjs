// The channel under Deno: requests on standard input, frames on standard output. Deno gives its programs
// no other descriptors. Whatever prints is led to standard error first; what writes to standard output
// all the same is told from a frame by the nonce (see channel.ts).

const { stdin, stdout, stderr, exit } = Deno;
const readSync = stdin.readSync.bind(stdin);
const writeSync = stdout.writeSync.bind(stdout);

export const end = exit.bind(Deno);

export function printBytes(bytes) {
  for (let at = 0; at < bytes.length; ) at += stderr.writeSync(bytes.subarray(at));
}

export function read(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const count = readSync(bytes.subarray(at));
    if (count === null) end(71);
    at += count;
  }
  return bytes;
}

export function write(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(bytes.subarray(at));
}

/** Who runs a call is nobody's concern; Deno would end the call for asking. */
export function hideIdentity(process) {
  for (const name of ['getuid', 'geteuid', 'getgid', 'getegid']) process[name] = () => 65534;
}

/** Leads everything that prints, by any of the runtime's ways, to standard error. */
export function redirectPrints(process) {
  Object.defineProperty(Deno, 'stdout', { value: stderr });
  Object.defineProperty(process, 'stdout', { value: process.stderr, configurable: true });
  const { error } = console;
  for (const name of ['log', 'info', 'debug', 'warn']) console[name] = error.bind(console);
  for (const name of ['dir', 'dirxml', 'table']) {
    console[name] = (value) => error.call(console, Deno.inspect(value));
  }
}
