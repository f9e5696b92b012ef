import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { sealingCodec } from '../../engines/temporal/src/codec.ts';
import type { HistoryEvent, Inspector } from '../../engines/temporal/testing/inspector.ts';
import { newId } from '../../src/core/ids.ts';
import type {
  ClusterLink,
  ClusterPackage,
  ClusterSettings,
  DriveAnswer,
  DriveRequest,
} from '../../src/engine/cluster-link.ts';
import { makeCertificate } from '../support/certificate.ts';
import { silent } from '../support/engine.ts';
import { eventually } from '../support/engine-process.ts';
import { startTemporalFront } from '../support/temporal-front.ts';
import { needsTemporal } from '../support/temporal-server.ts';

// The workflow of a run on a real Temporal server: what it does with each answer of a drive, and what of it
// Temporal keeps. Nobody drives runs here: the answers are the test's.

const key = new Uint8Array(32).fill(7);
const dayMs = 86_400_000;

describe('the workflow of a run', needsTemporal, () => {
  const taskQueue = newId('process');
  let inspect: typeof import('../../engines/temporal/testing/inspect.ts');
  let inspector: Inspector;
  let openLink: ClusterPackage['openLink'];
  let settings: ClusterSettings;
  let link: ClusterLink;
  let stop: () => Promise<void>;
  const answers = new Map<string, (nth: number) => DriveAnswer>();
  const drives = new Map<string, DriveRequest[]>();

  beforeAll(async () => {
    const address = inject('temporal');
    inspect = await import('../../engines/temporal/testing/inspect.ts');
    inspector = inspect.openInspector(address);
    ({ openLink } = await import('../../engines/temporal/src/index.ts'));
    settings = {
      ...{ address, namespace: 'default', apiKey: null, tls: null, taskQueue, codecKeys: [key] },
      ...{ classes: new Map(), workFor: null, maxRuns: 20, drainMs: 500 },
    };
    link = openLink(settings, silent);
    const worker = await link.work(async (request) => {
      const before = drives.get(request.runId) ?? [];
      drives.set(request.runId, [...before, request]);
      return answers.get(request.runId)?.(before.length + 1) ?? { kind: 'ended' };
    });
    stop = () => worker.stop();
  }, 120_000);
  afterAll(async () => {
    await stop?.();
    await inspector?.[Symbol.asyncDispose]();
    await link?.[Symbol.asyncDispose]();
  });

  async function begin(answer: (nth: number) => DriveAnswer, workspaceId = newId('workspace')) {
    const runId = newId('run');
    answers.set(runId, answer);
    const wake = () =>
      link.wake({ ids: [], runId, workspaceId, agentId: 'agent_of_a_test', priority: 0 });
    await wake();
    const drivenTimes = (n: number) =>
      eventually(() => (drives.get(runId)?.length ?? 0) === n, 60_000);
    const status = async () => (await inspector.describe(runId)).status.name;
    const becomes = (name: string) => eventually(async () => (await status()) === name, 60_000);
    const completes = () => becomes('COMPLETED');
    return { runId, workspaceId, wake, drivenTimes, becomes, completes };
  }
  const turns = (...given: (number | null)[]) => {
    return (nth: number): DriveAnswer => {
      const forMs = given[nth - 1];
      return forMs === undefined ? { kind: 'ended' } : { kind: 'wait', forMs };
    };
  };

  test('waits until a time, until it is woken, and until whichever comes first', async () => {
    const run = await begin(turns(200, null, 30 * dayMs));
    await run.drivenTimes(2);
    await run.wake();
    await run.drivenTimes(3);
    await eventually(async () => timersOf(await inspector.history(run.runId)).length === 2);
    await run.wake();
    await run.completes();
    const events = await inspector.history(run.runId);
    expect(typesOf(events).filter((type) => /Timer|Signaled/.test(type))).toEqual([
      'WorkflowExecutionSignaled',
      'TimerStarted',
      'TimerFired',
      'WorkflowExecutionSignaled',
      'TimerStarted',
      'WorkflowExecutionSignaled',
      'TimerCanceled',
    ]);
    expect(timersOf(events)).toEqual([200, 30 * dayMs]);
    await inspect.replay(key, events);
  }, 90_000);

  test('shows what Temporal can be asked for, and seals the rest', async () => {
    const run = await begin(turns(null));
    const { workspaceId } = run;
    const shown = async () => (await inspector.describe(run.runId)).searchAttributes;
    const attributes = { SignalboxWorkspace: [workspaceId], SignalboxAgent: ['agent_of_a_test'] };
    await eventually(async () => (await shown()).SignalboxStatus?.[0] === 'waiting');
    expect(await shown()).toMatchObject(attributes);
    await run.wake();
    await run.completes();
    const query = `SignalboxWorkspace = '${workspaceId}' AND SignalboxStatus = 'ended'`;
    await eventually(async () => (await inspector.count(query)) === 1);
    const payloads = payloadsOf(await inspector.history(run.runId));
    expect(payloads.length).toBeGreaterThanOrEqual(4);
    for (const { metadata, data } of payloads) {
      expect(decoded(metadata?.encoding)).toBe('binary/signalbox-sealed');
      expect(decoded(data)).not.toMatch(/run|wait|ended|json/);
    }
    const [input] = await sealingCodec([key]).decode(payloads.slice(0, 1).map(asBytes));
    expect(JSON.parse(decoded(Buffer.from(input?.data ?? []).toString('base64')))).toEqual({
      runId: run.runId,
      hasAttributes: true,
    });
  }, 90_000);

  test('comes back when its run is woken, whoever ended it by hand', async () => {
    const run = await begin(turns(null, null));
    await run.drivenTimes(1);
    await inspector.cancel(run.runId);
    await run.becomes('CANCELLED');
    await run.wake();
    await run.drivenTimes(2);
    await inspector.terminate(run.runId);
    await run.becomes('TERMINATED');
    await run.wake();
    await run.drivenTimes(3);
    await run.completes();
  }, 90_000);

  test('is reached through TLS, with a certificate and an API key, as Temporal Cloud asks for', async () => {
    const authority = makeCertificate(['authority.test']);
    const [theirs, ours] = [
      makeCertificate(['localhost'], authority),
      makeCertificate(['us'], authority),
    ];
    const { cert: ca } = authority;
    const apiKey = 'a key of a test';
    await using front = await startTemporalFront({
      ...{ address: inject('temporal'), certificate: theirs, authority: ca, apiKey },
    });
    const bytes = (text: string) => Buffer.from(text);
    const tls = { ca: bytes(ca), cert: bytes(ours.cert), key: bytes(ours.key) };
    const through = { ...settings, address: front.address, tls };
    const workspaceId = newId('workspace');
    const own = { taskQueue: newId('process'), classes: new Map([[workspaceId, 'large']]) };
    await using outside = openLink({ ...through, ...own, workFor: ['large'], apiKey }, silent);
    const driven: string[] = [];
    const worker = await outside.work(async ({ runId }) => {
      driven.push(runId);
      return { kind: 'ended' };
    });
    const run = { ids: [], runId: newId('run'), workspaceId, agentId: 'agent', priority: 60 };
    await outside.wake(run);
    await eventually(() => driven.includes(run.runId), 60_000);
    await worker.stop();
    const [started] = await inspector.history(run.runId);
    const name = `${own.taskQueue}-large-high`;
    const taskQueue = expect.objectContaining({ name });
    expect(started?.workflowExecutionStartedEventAttributes).toMatchObject({ taskQueue });
    const { calls } = front;
    for (const call of ['SignalWithStartWorkflowExecution', 'RespondActivityTaskCompleted']) {
      expect(calls).toContain(call);
    }
    await using stranger = openLink({ ...through, apiKey: 'another' }, silent);
    await expect(stranger.wake(run)).rejects.toThrow();
    const bare = { ...tls, cert: null, key: null };
    await using nobody = openLink({ ...through, apiKey, tls: bare }, silent);
    const ends = async (): Promise<DriveAnswer> => ({ kind: 'ended' });
    await expect(nobody.work(ends)).rejects.toThrow();
    await expect(stranger.work(ends)).rejects.toThrow();
  }, 90_000);

  test('goes on after a wait of thirty days, and is the same for histories of before', async () => {
    const file = join(import.meta.dirname, 'histories', 'waits-and-wakes.json');
    const recorded: HistoryEvent[] = JSON.parse(readFileSync(file, 'utf8'));
    await inspect.replay(key, recorded);
    const skipped = await withFirstWait(recorded, 30 * dayMs);
    expect(timersOf(skipped)[0]).toBe(30 * dayMs);
    await inspect.replay(key, skipped);
    // That a replay notices a difference: a timer for an answer that asks for none.
    const wrong = await withFirstWait(recorded, null);
    await expect(inspect.replay(key, wrong)).rejects.toThrow();
  }, 90_000);

  test('of many drives continues as a new one, so that no history grows without bound', async () => {
    // Six events each; the server of tests suggests to continue after 600.
    const many = 150;
    const run = await begin((nth) => (nth > many ? { kind: 'ended' } : { kind: 'wait', forMs: 0 }));
    await run.drivenTimes(many + 1);
    await run.completes();
    const executions = [...new Set(drives.get(run.runId)?.map(({ engineRunId }) => engineRunId))];
    expect(executions.length).toBeGreaterThan(1);
    for (const id of executions) {
      expect((await inspector.history(run.runId, id)).length).toBeLessThan(700);
    }
    const first = await inspector.history(run.runId, executions[0]);
    expect(typesOf(first).at(-1)).toBe('WorkflowExecutionContinuedAsNew');
  }, 120_000);
});

/** `EVENT_TYPE_TIMER_STARTED` is `TimerStarted`. */
function typesOf(events: readonly HistoryEvent[]): string[] {
  return events.map(({ eventType }) =>
    eventType
      .replace('EVENT_TYPE_', '')
      .split('_')
      .map((word) => word.slice(0, 1) + word.slice(1).toLowerCase())
      .join(''),
  );
}

interface Seconds {
  seconds?: string;
  nanos?: number;
}

interface TimerStarted {
  startToFireTimeout: Seconds;
}

/** How long the timers were to run, ms. */
function timersOf(events: readonly HistoryEvent[]): number[] {
  return events.flatMap(({ timerStartedEventAttributes }) => {
    if (timerStartedEventAttributes == null) return [];
    const { startToFireTimeout } = timerStartedEventAttributes as TimerStarted;
    const { seconds = '0', nanos = 0 } = startToFireTimeout;
    return [Number(seconds) * 1_000 + nanos / 1e6];
  });
}

/** In JSON, bytes are in base64. */
interface PayloadJson {
  metadata?: { encoding?: string };
  data?: string;
}

/** Of inputs and results; search attributes are there to be read. */
function payloadsOf(value: unknown): PayloadJson[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    if (name === 'searchAttributes') return [];
    return name === 'payloads' ? (inner as PayloadJson[]) : payloadsOf(inner);
  });
}

const decoded = (base64 = '') => Buffer.from(base64, 'base64').toString('latin1');

function asBytes({ metadata, data }: PayloadJson) {
  const bytes = (base64 = '') => new Uint8Array(Buffer.from(base64, 'base64'));
  return { metadata: { encoding: bytes(metadata?.encoding) }, data: bytes(data) };
}

/** The same history, had its first wait been another: the answer, the timer, and when all that came later came. */
async function withFirstWait(
  events: readonly HistoryEvent[],
  forMs: number | null,
): Promise<HistoryEvent[]> {
  const codec = sealingCodec([key]);
  const copy: HistoryEvent[] = structuredClone([...events]);
  const at = copy.findIndex(({ timerStartedEventAttributes }) => timerStartedEventAttributes);
  const timer = copy[at]?.timerStartedEventAttributes as TimerStarted;
  if (forMs !== null) timer.startToFireTimeout = { seconds: String(forMs / 1_000) };
  for (const payload of payloadsOf(copy.slice(0, at))) {
    const [plain] = await codec.decode([asBytes(payload)]);
    const text = Buffer.from(plain?.data ?? []).toString();
    const other = text.replace(/"forMs":\d+/, `"forMs":${forMs}`);
    const [sealed] = await codec.encode([{ ...plain, data: new Uint8Array(Buffer.from(other)) }]);
    payload.data = Buffer.from(sealed?.data ?? []).toString('base64');
  }
  return copy.map((event, index) => {
    if (index <= at) return event;
    const { seconds, nanos = 0 } = event.eventTime as Seconds;
    const later = String(Number(seconds) + (forMs ?? 0) / 1_000);
    return { ...event, eventTime: { seconds: later, nanos } };
  });
}
