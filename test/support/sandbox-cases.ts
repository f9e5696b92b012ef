import { expect } from 'vitest';
import type { ToolLanguage } from '../../src/core/custom-tool.ts';
import type { SandboxCall, SandboxOutcome } from '../../src/core/sandbox.ts';

/** What every backend of the sandbox promises, in one or both languages. */
export interface SandboxCase {
  readonly name: string;
  readonly python?: string;
  readonly javascript?: string;
  readonly call?: Partial<SandboxCall>;
  readonly expected: (outcome: SandboxOutcome, language: ToolLanguage) => void;
}

/** Of the files that a tool's code hands over. */
export const fileCases: readonly SandboxCase[] = [
  {
    name: 'takes the files that a call hands over, the last of each name',
    call: { secrets: { KEY: 'correct-horse-battery' } },
    python: `
import pathlib
from signalbox import save_file, secrets
def main():
    save_file("old.txt", "first")
    save_file("old.txt", "Key: " + secrets["KEY"])
    pathlib.Path("/tmp/made").write_bytes(bytes([0, 255, 10]))
    save_file("../../etc/ra\\u202ew.bin", pathlib.Path("/tmp/made"), "image/x-raw")
    return {"message": "done"}`,
    javascript: `
async function main(_, { saveFile, secrets }) {
  saveFile('old.txt', 'first');
  saveFile('old.txt', 'Key: ' + secrets.KEY);
  saveFile('../../etc/ra\\u202ew.bin', new Uint8Array([0, 255, 10]), { mediaType: 'image/x-raw' });
  return { message: 'done' };
}`,
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: true, message: 'done' });
      const text = Buffer.from('Key: [secret KEY]');
      expect(outcome.ok && outcome.files).toEqual([
        { name: 'old.txt', mediaType: 'text/plain', bytes: text },
        { name: 'raw.bin', mediaType: 'image/x-raw', bytes: Buffer.from([0, 255, 10]) },
      ]);
    },
  },
  {
    name: 'keeps no more and no larger files than there may be, whatever the runner lets through',
    call: { memoryMb: 256 },
    python: `
import signalbox
def main():
    try:
        signalbox.save_file("large", bytes(10485761))
    except ValueError:
        for n in range(21):
            signalbox.save_file(str(n), "x")
    return {"message": "done"}`,
    javascript: `
function main(_, { saveFile }) {
  try { saveFile('large', new Uint8Array(10485761)); }
  catch { for (let n = 0; n < 21; n++) saveFile(String(n), 'x'); }
  return { message: 'done' };
}`,
    expected: (outcome) => {
      expect(outcome).toMatchObject({
        ok: false,
        failure: 'too_large',
        error: expect.stringContaining('20 files'),
      });
    },
  },
];

/** Of what a tool's `main` returns: what is taken, and what is refused in which words. */
export const resultCases: readonly SandboxCase[] = [
  ...(
    [
      ['a string', '"hello"', '"hello"', /must return/],
      ['no message', '{"rawData": 1}', '({ rawData: 1 })', /`message` must be a string/],
      ['a number as message', '{"message": 1}', '({ message: 1 })', /`message` must be a string/],
      ['nothing', 'None', 'undefined', /must return/],
      [
        'NaN',
        '{"message": "", "rawData": [float("nan")]}',
        '({ message: "", rawData: [NaN] })',
        /nan.*JSON/i,
      ],
      [
        'infinity',
        '{"message": "", "rawData": float("inf")}',
        '({ message: "", rawData: -Infinity })',
        /inf/i,
      ],
      [
        'bytes or a BigInt',
        '{"message": "", "rawData": b"x"}',
        '({ message: "", rawData: { n: 1n } })',
        /rawData.*(bytes|BigInt)/,
      ],
      [
        'a set',
        '{"message": "", "rawData": {1}}',
        '({ message: "", rawData: new Set([1]) })',
        /set/i,
      ],
      [
        'a number of 5,000 digits',
        '{"message": "", "rawData": 10**5000}',
        '({ message: "", rawData: 10n ** 5000n })',
        /digits|BigInt/,
      ],
    ] as const
  ).map(
    ([what, python, javascript, words]): SandboxCase => ({
      name: `refuses ${what} as a result, in words`,
      python: `def main():\n    return ${python}`,
      javascript: `const main = () => ${javascript};`,
      expected: (outcome) => {
        expect(outcome).toMatchObject({ ok: false, failure: 'invalid_result' });
        expect(outcome.ok || outcome.error).toMatch(words);
      },
    }),
  ),
  ...(
    [
      ['a cyclic result', 'x = []; x.append(x)', 'const x = []; x.push(x)'],
      [
        'a result 100,000 levels deep',
        'x = []\n    for _ in range(100000): x = [x]',
        'let x = []; for (let i = 0; i < 1e5; i++) x = [x]',
      ],
      ['a result over 1 MiB', 'x = "é" * 600000', 'const x = "é".repeat(600000)'],
    ] as const
  ).map(
    ([what, python, javascript]): SandboxCase => ({
      name: `refuses ${what}`,
      python: `def main():\n    ${python}\n    return {"message": "", "rawData": x}`,
      javascript: `function main() { ${javascript}; return { message: "", rawData: x }; }`,
      expected: (outcome) => expect(outcome).toMatchObject({ ok: false, failure: 'too_large' }),
    }),
  ),
  {
    name: 'passes a result of almost 1 MiB whole',
    python: 'def main():\n    return {"message": "x" * (1024 * 1024 - 20)}',
    javascript: 'const main = () => ({ message: "x".repeat(1024 * 1024 - 20) });',
    expected: (outcome) => expect(outcome.ok && outcome.message.length).toBe(1024 * 1024 - 20),
  },
  {
    name: 'keeps NUL, lone surrogates and private characters as they are',
    call: { parametersJson: String.raw`{"text": "\u0000\ud800\ue000"}` },
    python: 'def main(text):\n    print(text)\n    return {"message": text + "\\x00\\udfff"}',
    javascript: 'const main = ({ text }) => (console.log(text), { message: text + "\\0\\udfff" });',
    expected: (outcome) => {
      expect(outcome).toMatchObject({ ok: true, message: '\0\ud800\ue000\0\udfff' });
      expect(outcome.logs).toContain('\0');
    },
  },
];
