import { describe, expect, test } from 'vitest';
import type { Candidate, OpenPlaces } from '../store/claim.ts';
import { type Room, shareRoom } from './share-room.ts';

/** `n` due runs of a workspace, the first the longest due. */
function queue(workspaceId: string, n: number, more: Partial<Candidate> = {}): Candidate[] {
  return Array.from({ length: n }, (_, index) => ({
    id: `${workspaceId}${more.agentId ?? ''}${more.concurrencyKey ?? ''}${index}`,
    workspaceId,
    agentId: `agent of ${workspaceId}`,
    concurrencyKey: null,
    dueMs: index,
    ...more,
  }));
}
const unlimited: OpenPlaces = { workspaces: new Map(), agents: new Map(), busyKeys: new Set() };
const room = (more: Partial<Room> = {}): Room => ({
  places: 4,
  reserve: 0,
  small: 1,
  loads: new Map(),
  ...more,
});

describe('the room of a process', () => {
  test('goes to workspaces in turns, in each to the longest due', () => {
    const candidates = [...queue('a', 100), ...queue('b', 100)];
    expect(shareRoom(candidates, unlimited, room())).toEqual(['a0', 'b0', 'a1', 'b1']);
  });

  test('goes first to the workspace with the least running', () => {
    const candidates = [...queue('a', 100), ...queue('b', 2)];
    const loads = new Map([['a', 50]]);
    expect(shareRoom(candidates, unlimited, room({ loads }))).toEqual(['b0', 'b1', 'a0', 'a1']);
  });

  test('goes to one workspace alone when no other wants it', () => {
    expect(shareRoom(queue('a', 9), unlimited, room())).toHaveLength(4);
  });

  test('has a reserve for workspaces with next to nothing running', () => {
    const candidates = [...queue('a', 9), ...queue('b', 9)];
    const full = room({ places: 0, reserve: 2, loads: new Map([['a', 50]]) });
    expect(shareRoom(candidates, unlimited, full)).toEqual(['b0']);
  });
});

describe('a limit', () => {
  test('of an agent holds up its own runs only', () => {
    const candidates = [...queue('a', 9, { agentId: 'x' }), ...queue('a', 9, { agentId: 'y' })];
    const open = { ...unlimited, agents: new Map([['x', 1]]) };
    expect(shareRoom(candidates, open, room())).toEqual(['ax0', 'ay0', 'ay1', 'ay2']);
  });

  test('that is exceeded lets nobody in', () => {
    const open = { ...unlimited, agents: new Map([['x', -3]]) };
    expect(shareRoom(queue('a', 9, { agentId: 'x' }), open, room())).toEqual([]);
  });

  test('of a workspace holds over all its agents', () => {
    const candidates = [...queue('a', 9, { agentId: 'x' }), ...queue('a', 9, { agentId: 'y' })];
    const open = { ...unlimited, workspaces: new Map([['a', 3]]) };
    expect(shareRoom(candidates, open, room())).toHaveLength(3);
  });

  test('of a key lets one in, and none while one of it runs', () => {
    const candidates = [
      ...queue('a', 3, { agentId: 'x', concurrencyKey: 'k' }),
      ...queue('a', 3, { agentId: 'x', concurrencyKey: 'busy' }),
      ...queue('a', 1, { agentId: 'y', concurrencyKey: 'busy' }),
    ];
    const open = { ...unlimited, busyKeys: new Set(['x busy']) };
    expect(shareRoom(candidates, open, room())).toEqual(['axk0', 'aybusy0']);
  });
});
