import { listenedNames } from '../core/event-name.ts';
import type { Logger } from '../core/logger.ts';
import type { Queryable } from '../store/connect.ts';
import { findEscalationOfRun } from '../store/escalations.ts';
import { findEventTriggers } from '../store/event-triggers.ts';
import { releaseHeldRuns } from '../store/held-runs.ts';
import {
  claimInternalEvents,
  deleteInternalEvents,
  type InternalEvent,
  readDepths,
} from '../store/internal-events.ts';
import { getRuns } from '../store/runs.ts';
import { publishEvent } from '../webhooks/message.ts';
import type { DueWork } from './due-loop.ts';
import { escalationPayload } from './escalation-payload.ts';
import type { FireDeps } from './fire.ts';
import { fireEvent } from './fire-event.ts';
import { runEndPayload } from './run-end-payload.ts';

// Fires what our own resources have to tell, and hands it to webhooks out. An event is fired under its id and
// taken away afterwards: who dies in between leaves it to the next, and the second firing causes nothing.

export interface InternalRelayDeps extends FireDeps {
  readonly logger: Logger;
  /** Who delivers webhooks out in this process; without, another one finds what is due. */
  readonly webhooks?: { readonly nudge: () => void };
}

const atOnce = { claimed: 100, fired: 8 } as const;
const pollMs = 250;

/** The relay of our own events, for a loop. One that cannot be fired is logged, and tried again later. */
export function internalRelay(deps: InternalRelayDeps): DueWork {
  return {
    name: 'The relay of internal events',
    run: async () => {
      const events = await claimInternalEvents(deps.db, atOnce.claimed);
      for (let at = 0; at < events.length; at += atOnce.fired) {
        await fireSome(deps, events.slice(at, at + atOnce.fired));
      }
      return events.length < atOnce.claimed ? pollMs : 0;
    },
  };
}

/** Lets runs in that waited for another of the same event to end, for a loop. */
export function heldRuns(deps: Pick<FireDeps, 'db'>): DueWork {
  return {
    name: 'The release of held runs',
    run: async () => ((await releaseHeldRuns(deps.db)) === 0 ? pollMs : 0),
  };
}

async function fireSome(deps: InternalRelayDeps, events: readonly InternalEvent[]): Promise<void> {
  const causes = events.flatMap(({ causedByRunId }) => causedByRunId ?? []);
  const depths = await readDepths(deps.db, causes);
  const payloads = await payloadsOf(deps, events);
  const fired = await Promise.all(
    events.map(async (event, index) => {
      const payload = payloads[index] ?? null;
      // The run is gone, and with it what there was to tell.
      if (payload === null) return event.id;
      try {
        await fireOne(deps, { event, payload, depths });
        return event.id;
      } catch (error) {
        deps.logger.warn(
          { err: error, event: event.id, type: event.type },
          'An event of ours could not be fired; it is tried again',
        );
        return null;
      }
    }),
  );
  await deleteInternalEvents(
    deps.db,
    fired.flatMap((id) => id ?? []),
  );
}

interface Payload {
  readonly json: string;
  readonly entityId: string | null;
}

async function fireOne(
  deps: InternalRelayDeps,
  given: {
    readonly event: InternalEvent;
    readonly payload: Payload;
    readonly depths: ReadonlyMap<string, number>;
  },
): Promise<void> {
  const { event, payload } = given;
  const { causedByRunId } = event;
  if ((await publishEvent(deps.db, event, payload.json)) > 0) deps.webhooks?.nudge();
  if (!(await isListenedTo(deps.db, event))) return;
  await fireEvent(deps, {
    workspaceId: event.workspaceId,
    source: 'internal',
    eventType: event.type,
    payloadJson: payload.json,
    onceKey: `internal:${event.id}`,
    occurredAt: event.createdAt,
    entityId: payload.entityId,
    causedByRunId,
    depth: causedByRunId === null ? 0 : (given.depths.get(causedByRunId) ?? 0) + 1,
  });
}

/** What only webhooks subscribed to fires nothing. */
async function isListenedTo(
  db: Queryable,
  { workspaceId, type }: Pick<InternalEvent, 'workspaceId' | 'type'>,
): Promise<boolean> {
  const names = listenedNames(type);
  return (await findEventTriggers(db, { workspaceId, names, agentId: null, limit: 1 })).length > 0;
}

async function payloadsOf(
  { db }: Pick<FireDeps, 'db'>,
  events: readonly InternalEvent[],
): Promise<readonly (Payload | null)[]> {
  const runs = await getRuns(
    db,
    events.map((event) => event.runId ?? ''),
  );
  const escalations = await Promise.all(
    events.map(({ type, runId }) =>
      type === 'escalation.created' && runId !== null ? findEscalationOfRun(db, runId) : null,
    ),
  );
  return events.map(({ payloadJson, entityId }, index) => {
    const escalation = escalations[index] ?? null;
    if (escalation !== null) {
      return { json: escalationPayload(escalation), entityId: escalation.conversationId };
    }
    if (payloadJson !== null) return { json: payloadJson, entityId };
    const run = runs[index] ?? null;
    return run === null ? null : { json: runEndPayload(run), entityId: run.entityId };
  });
}
