import { type Candidate, keyOf, type OpenPlaces } from '../store/claim.ts';

export interface Room {
  /** Places for anybody. */
  readonly places: number;
  /** Places beyond them, only for workspaces that have next to nothing running here. */
  readonly reserve: number;
  /** What counts as next to nothing. */
  readonly small: number;
  /** Runs in this process by workspace. */
  readonly loads: ReadonlyMap<string, number>;
}

/**
 * Which candidates get in: in turns over the workspaces, the least loaded first, and within one by place in
 * the queue. A candidate whose agent, key or workspace is at its limit is passed over and holds up nobody.
 */
export function shareRoom(
  candidates: readonly Candidate[],
  open: OpenPlaces,
  room: Room,
): readonly string[] {
  const queues = openQueues(candidates, open);
  const chosen: string[] = [];
  const turns = [...queues].map(([workspaceId, queue]) => ({
    queue,
    next: 0,
    load: room.loads.get(workspaceId) ?? 0,
  }));
  while (chosen.length < room.places + room.reserve) {
    const turn = leastLoaded(turns);
    const candidate = turn?.queue[turn.next];
    if (turn === null || candidate === undefined) break;
    if (chosen.length >= room.places && turn.load >= room.small) break;
    chosen.push(candidate.id);
    turn.next += 1;
    turn.load += 1;
  }
  return chosen;
}

interface Turn {
  readonly queue: readonly Candidate[];
  next: number;
  load: number;
}

function leastLoaded(turns: readonly Turn[]): Turn | null {
  let best: Turn | null = null;
  for (const turn of turns) {
    const head = turn.queue[turn.next];
    if (head === undefined) continue;
    const bestHead = best?.queue[best.next];
    const isBetter =
      best === null ||
      bestHead === undefined ||
      turn.load < best.load ||
      (turn.load === best.load && head.dueMs < bestHead.dueMs);
    if (isBetter) best = turn;
  }
  return best;
}

/** Each workspace's candidates in their order, without those that a limit holds back. */
function openQueues(
  candidates: readonly Candidate[],
  open: OpenPlaces,
): ReadonlyMap<string, readonly Candidate[]> {
  const agents = new Map(open.agents);
  const workspaces = new Map(open.workspaces);
  const busyKeys = new Set(open.busyKeys);
  const ordered = [...candidates].sort((a, b) => a.dueMs - b.dueMs || (a.id < b.id ? -1 : 1));
  const queues = new Map<string, Candidate[]>();
  for (const candidate of ordered) {
    const { workspaceId, agentId, concurrencyKey } = candidate;
    const key = concurrencyKey === null ? null : keyOf(candidate);
    if (key !== null && busyKeys.has(key)) continue;
    if ((agents.get(agentId) ?? 1) <= 0 || (workspaces.get(workspaceId) ?? 1) <= 0) continue;
    if (key !== null) busyKeys.add(key);
    takeOne(agents, agentId);
    takeOne(workspaces, workspaceId);
    const queue = queues.get(workspaceId) ?? [];
    queue.push(candidate);
    queues.set(workspaceId, queue);
  }
  return queues;
}

function takeOne(places: Map<string, number>, id: string): void {
  const left = places.get(id);
  if (left !== undefined) places.set(id, left - 1);
}
