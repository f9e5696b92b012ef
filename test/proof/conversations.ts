import { setTimeout as sleep } from 'node:timers/promises';
import { createModelClient } from '../../src/models/client.ts';
import type { Database } from '../../src/store/connect.ts';
import { claimMessages, recordSend } from '../../src/store/message-claims.ts';
import { sendByHand } from '../../src/store/outbound.ts';
import { dueMessages } from '../../src/triggers/due-messages.ts';
import { createConversationBench } from '../support/conversation-bench.ts';
import { mortalDatabase, silent, startTestEngine } from '../support/engine.ts';
import { eventually } from '../support/engine-process.ts';
import { finishTurn } from '../support/turns.ts';

// A conversation in which everything happens in any order: messages, edits, a person's reply, the end of a burst,
// answers of the model, delays of the reply, deliveries, and processes that die at any of it.

export const happenings = [
  'write',
  'edit',
  'person',
  'fire',
  'think',
  'deliver',
  'crash',
  'crash_in_delivery',
] as const;
export type Happening = (typeof happenings)[number];

export interface PlayedConversation {
  /** Replies of agents to what was answered already, and messages that nobody answered. */
  readonly doubles: number;
  readonly lost: number;
  /** Replies of agents to a text that was not the latest when they were committed. */
  readonly stale: number;
  /** Messages that arrived outside more than once, or never. */
  readonly wrongDeliveries: number;
  readonly runs: number;
  readonly superseded: number;
  readonly crashes: number;
}

/** Plays them, lets everything come to rest, and asks the database. */
export async function playConversation(
  db: Database,
  given: { readonly happenings: readonly Happening[]; readonly delayMs: number },
): Promise<PlayedConversation> {
  const bench = await createConversationBench(db, {
    definition: { custom_response_delay_ms: given.delayMs },
  });
  const arrived = new Map<string, number>();
  const gates: (() => void)[] = [];
  let isOpen = false;
  const scripted = createModelClient({
    scripts: { test: { turns: [finishTurn({ response: 'We are on it.' })] } },
  });
  const models: typeof scripted = {
    ...scripted,
    async call(request) {
      if (!isOpen) {
        await new Promise<void>((resolve, reject) => {
          gates.push(resolve);
          request.signal?.addEventListener('abort', () => reject(request.signal?.reason));
        });
      }
      return await scripted.call(request);
    },
  };
  const processName = `desk ${bench.agentId}`;
  const open = async () => {
    const mortal = mortalDatabase(db);
    const engine = await startTestEngine({ db: mortal.db, models, processName });
    await engine.start();
    return { mortal, engine, due: dueMessages({ ...engine.deps, logger: silent }) };
  };
  let desk = await open();
  let crashes = 0;
  const crash = async () => {
    crashes += 1;
    await desk.mortal.kill();
    gates.splice(0);
    desk = await open();
  };
  const deliver = async (dies: boolean) => {
    const request = { limit: 100, perLane: 10, busy: new Map(), leaseMs: dies ? -1_000 : 60_000 };
    for (const message of await claimMessages(db, request)) {
      if (message.channel.id !== bench.channel.id) continue;
      // The other side knows a message that comes again by its id.
      if (!arrived.has(message.id)) arrived.set(message.id, 1);
      const sent = { kind: 'sent', externalId: null, error: null, afterMs: 0 } as const;
      if (!dies) await recordSend(db, message, sent);
    }
  };
  let written = 0;
  await bench.write('Message 0', 'm0');
  for (const happening of given.happenings) {
    if (happening === 'write') {
      written += 1;
      await bench.write(`Message ${written}`, `m${written}`);
    } else if (happening === 'edit') {
      await bench.edit(`m${written}`, `Message ${written}, edited`);
    } else if (happening === 'person') {
      const { id: conversationId } = await bench.conversation();
      const message = { conversationId, body: 'Hello.', subject: null, senderId: null };
      await db.transaction((tx) => sendByHand(tx, message));
    } else if (happening === 'fire') {
      await bench.endBurst();
      await desk.due.run();
      await sleep(25);
    } else if (happening === 'think') {
      // Mostly a run has reached its model by then, and mostly it has ended before the next thing happens.
      await sleep(25);
      for (const gate of gates.splice(0)) gate();
      await sleep(25);
    } else if (happening === 'crash') {
      await crash();
    } else {
      await deliver(happening === 'crash_in_delivery');
    }
  }
  isOpen = true;
  await eventually(async () => {
    for (const gate of gates.splice(0)) gate();
    await bench.endBurst();
    await desk.due.run();
    await deliver(false);
    const { inboundRev, answeredRev } = await bench.conversation();
    const isAtRest = (await bench.runs()).every(({ completedAt }) => completedAt !== null);
    return (
      isAtRest &&
      inboundRev === answeredRev &&
      (await bench.messages()).every(({ status }) => status !== 'queued' && status !== 'sending')
    );
  }, 60_000).catch(() => undefined);
  const result = await judge(db, { bench, arrived });
  await desk.engine[Symbol.asyncDispose]();
  return { ...result, crashes };
}

/** Plays many of them by chance; the sums of their figures. */
export async function playConversations(
  db: Database,
  given: { readonly plays: number; readonly random: () => number },
): Promise<PlayedConversation> {
  const { plays, random } = given;
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const sums = {
    doubles: 0,
    lost: 0,
    stale: 0,
    wrongDeliveries: 0,
    runs: 0,
    superseded: 0,
    crashes: 0,
  };
  for (let play = 0; play < plays; play++) {
    const length = 10 + Math.floor(random() * 31);
    const chosen = Array.from({ length }, () =>
      random() < 0.5 ? pick(happenings) : pick(['fire', 'write', 'think'] as const),
    );
    const played = await playConversation(db, { happenings: chosen, delayMs: pick([0, 0, 120]) });
    for (const name of Object.keys(sums) as (keyof typeof sums)[]) sums[name] += played[name];
  }
  return sums;
}

async function judge(
  db: Database,
  given: {
    readonly bench: Awaited<ReturnType<typeof createConversationBench>>;
    readonly arrived: ReadonlyMap<string, number>;
  },
): Promise<Omit<PlayedConversation, 'crashes'>> {
  const { bench, arrived } = given;
  const { id } = await bench.conversation();
  // An edit moves a message's count after replies to later ones: what was stale then cannot be told by its place.
  const edited = (await bench.messages()).some(({ editedAt }) => editedAt !== null);
  const rows = await db.query<{
    id: string;
    direction: string;
    rev: number | null;
    answers_rev: number | null;
    run_id: string | null;
  }>({
    text: 'SELECT id, direction, rev, answers_rev, run_id FROM messages WHERE conversation_id = $1 ORDER BY n',
    values: [id],
  });
  let answered = 0;
  let doubles = 0;
  let stale = 0;
  let came = 0;
  for (const row of rows) {
    if (row.direction === 'inbound') {
      came = Math.max(came, row.rev ?? 0);
      continue;
    }
    if (row.run_id !== null && (row.answers_rev ?? 0) < came && !edited) stale += 1;
    if (row.run_id !== null && (row.answers_rev ?? 0) <= answered) doubles += 1;
    answered = Math.max(answered, row.answers_rev ?? 0);
  }
  const outgoing = rows.filter(({ direction }) => direction === 'outbound');
  const runs = await bench.runs();
  return {
    ...{ doubles, stale },
    lost: rows.filter(({ direction, rev }) => direction === 'inbound' && (rev ?? 0) > answered)
      .length,
    wrongDeliveries: outgoing.filter((row) => arrived.get(row.id) !== 1).length,
    runs: runs.length,
    superseded: runs.filter(({ dispositionReason }) => dispositionReason === 'superseded').length,
  };
}
