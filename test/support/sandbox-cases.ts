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
