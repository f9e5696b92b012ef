import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { compiledOnce } from '../support/compiled.ts';
import { fakeApiKey, startFakeProvider } from '../support/fake-provider.ts';

// `signalbox demo` as a newcomer types it: real processes, a real database, the sandbox of this machine.

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const timeoutMs = 180_000;

interface Demo {
  readonly child: ChildProcess;
  /** What it wrote to both outputs so far. */
  readonly output: () => string;
  /** Resolves once the output matches; rejects with the output if it ends without. */
  readonly says: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Everything temporary that it makes is in here. */
  readonly folder: string;
}

function startDemo(env: Record<string, string> = {}): Demo {
  const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [main, 'demo'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...compiledOnce, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGTERM'));
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const says = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text);
        if (found !== null) resolve(found);
      };
      listeners.add(look);
      look();
      void exit.then(() => reject(new Error(`It ended without ${pattern}:\n${text}`)));
    });
  return { child, output: () => text, says, exit, folder };
}

/** Processes that were started with this folder in their arguments or environment. */
function processesIn(folder: string): string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      const read = (name: string) => readFileSync(join('/proc', entry, name), 'utf8');
      return `${read('cmdline')}\0${read('environ')}`.includes(folder);
    } catch {
      // Not a process, no longer one, or not ours.
      return false;
    }
  });
}

/** Once those who were left alone have ended, too. */
async function nothingRunsIn(folder: string): Promise<void> {
  const look = () => expect(processesIn(folder)).toEqual([]);
  await vi.waitFor(look, { timeout: 30_000, interval: 100 });
}

describe('signalbox demo', { timeout: timeoutMs }, () => {
  test('shows a whole trace, exits 0 and leaves nothing behind', async () => {
    const demo = startDemo();
    expect(await demo.exit, demo.output()).toEqual({ code: 0, signal: null });
    const output = demo.output();
    const expected = [
      /server +http:\/\/127\.0\.0\.1:\d+ +ready after/,
      /sandbox +(jail|deno) +.*python \d.*javascript \d/,
      /model +scripted\/reservations +written answers/,
      /● Reservation desk {2}webhook trigger · run_\w{32}/,
      /payload \{ "reservation_id": "res_123", "status": "confirmed" \}/,
      /├─ model +scripted\/reservations +842 → 58 tokens · \$0\.0016 · \d+ ms/,
      /calls +get-reservation/,
      /├─ tool +get-reservation +[\d.]+ m?s/,
      /in +\{ "reservation_id": "res_123" \}/,
      /out +Reservation res_123 of Ada Lovelace is confirmed/,
      /logs +looking res_123 up among 2 reservations/,
      /├─ tool +cancellation-terms +[\d.]+ m?s/,
      /out +580\.00 EUR in total\. Free to cancel until 2027-03-31/,
      /╰─ ✔ resolved {2}reservation_confirmed/,
      /response +Hello Ada, your stay is confirmed/,
      /reflection Notice and record agree/,
      /output +\{ "resolution": "Confirmed res_123/,
      /3 model calls · 2 tool calls · 3,287 → 329 tokens · \$0\.0074 · [\d.]+ s/,
    ];
    let from = 0;
    for (const pattern of expected) {
      const found = pattern.exec(output.slice(from));
      expect(found, `${pattern} in order, in:\n${output}`).not.toBe(null);
      from += (found?.index ?? 0) + (found?.[0].length ?? 0);
    }
    expect(readdirSync(demo.folder)).toEqual([]);
    expect(processesIn(demo.folder)).toEqual([]);
  });

  test('stops everything and removes its data on Ctrl-C in the middle of a run', async () => {
    const demo = startDemo();
    await demo.says(/├─ tool +get-reservation/);
    demo.child.kill('SIGINT');
    expect(await demo.exit).toEqual({ code: 130, signal: null });
    expect(demo.output()).not.toContain('error:');
    expect(readdirSync(demo.folder)).toEqual([]);
    expect(processesIn(demo.folder)).toEqual([]);
  });

  test('stops the same way when nobody reads its output any more', async () => {
    const demo = startDemo();
    await demo.says(/├─ model/);
    demo.child.stdout?.destroy();
    expect(await demo.exit).toEqual({ code: 141, signal: null });
    expect(demo.output()).not.toContain('rror');
    expect(readdirSync(demo.folder)).toEqual([]);
    expect(processesIn(demo.folder)).toEqual([]);
  });

  test('leaves no process behind when it is killed', async () => {
    const demo = startDemo();
    await demo.says(/● Reservation desk/);
    demo.child.kill('SIGKILL');
    await demo.exit;
    await nothingRunsIn(demo.folder);
  });

  test('says so when its server ends in the middle of a run', async () => {
    const demo = startDemo();
    await demo.says(/● Reservation desk/);
    const servers = processesIn(demo.folder).filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.ts\0start'),
    );
    expect(servers).toHaveLength(1);
    process.kill(Number(servers[0]), 'SIGKILL');
    expect(await demo.exit).toEqual({ code: 1, signal: null });
    expect(demo.output()).toContain('error: The server ended in the middle of the demo.');
    await nothingRunsIn(demo.folder);
    expect(readdirSync(demo.folder)).toEqual([]);
  });

  test('says why when its server cannot start', async () => {
    const demo = startDemo({ SIGNALBOX_SANDBOX: 'cardboard' });
    expect(await demo.exit).toEqual({ code: 1, signal: null });
    expect(demo.output()).toContain('error: The server did not start (exit code 2).');
    expect(demo.output()).toContain('SIGNALBOX_SANDBOX');
    expect(demo.output()).toContain('hint: `signalbox doctor`');
    expect(readdirSync(demo.folder)).toEqual([]);
  });

  test('asks a real model over its wire when there is a key', async () => {
    await using provider = await startFakeProvider({
      answers: [
        { toolCalls: [{ name: 'get-reservation', arguments: { reservation_id: 'res_123' } }] },
        {
          toolCalls: [
            {
              name: 'finish',
              arguments: { disposition: 'no_op', output: { resolution: 'Only looked.' } },
            },
          ],
        },
      ],
    });
    const demo = startDemo({ OPENAI_API_KEY: fakeApiKey, OPENAI_BASE_URL: `${provider.url}/v1` });
    expect(await demo.exit, demo.output()).toEqual({ code: 0, signal: null });
    expect(demo.output()).toMatch(/model +openai\/gpt-5\.5 +OPENAI_API_KEY is set/);
    expect(demo.output()).toMatch(/├─ model +openai\/gpt-5\.5 +20 → 10 tokens · \$0\.\d+/);
    expect(demo.output()).toMatch(/╰─ ✔ no_op/);
    expect(provider.requests.map(({ model }) => model)).toEqual(['gpt-5.5', 'gpt-5.5']);
  });

  test('takes the configured model, says so, and fails as its run does', async () => {
    const scripts = mkdtempSync(join(tmpdir(), 'demo-scripts-'));
    onTestFinished(() => rmSync(scripts, { recursive: true }));
    const turn = { answer: { error: { kind: 'overloaded', message: 'too many visitors' } } };
    writeFileSync(join(scripts, 'closed.json'), JSON.stringify({ turns: [turn] }));
    const demo = startDemo({
      SIGNALBOX_DEFAULT_MODEL: 'scripted/closed',
      SIGNALBOX_SCRIPTS_DIR: scripts,
    });
    expect(await demo.exit, demo.output()).toEqual({ code: 1, signal: null });
    expect(demo.output()).toMatch(/model +scripted\/closed +SIGNALBOX_DEFAULT_MODEL is set/);
    expect(demo.output()).toMatch(/├─ model +scripted\/closed failed/);
    expect(demo.output()).toMatch(/╰─ ✘ failed\n +error +.*too many visitors/);
    expect(readdirSync(demo.folder)).toEqual([]);
  });
});
