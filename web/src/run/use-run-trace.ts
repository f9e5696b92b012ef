import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { followRun } from '../../../client/follow-run.ts';
import { client } from '../api/client.ts';
import { runQuery, stepsQuery } from '../api/queries.ts';
import type { Run, Step } from '../api/types.ts';
import { isEnded } from '../runs/status.ts';

export interface Trace {
  readonly run: Run | undefined;
  readonly steps: readonly Step[] | undefined;
  /** What a model is saying right now, provisional. */
  readonly speaking: string;
  /** While it goes on: whether its events come in. */
  readonly stream: 'open' | 'lost' | 'none';
  readonly error: unknown;
  readonly refetch: () => void;
}

interface Live {
  readonly runId: string;
  readonly steps: readonly Step[];
  readonly speaking: string;
  readonly stream: Trace['stream'];
  readonly error: unknown;
}

const queuedEveryMs = 1_000;

/** A run and its steps: read at once when it has ended, followed event by event while it goes on. */
export function useRunTrace(agentId: string, runId: string): Trace {
  const queries = useQueryClient();
  const run = useQuery({
    ...runQuery(agentId, runId),
    // Its first step tells that it has begun, which may be long after.
    refetchInterval: ({ state }) => (state.data?.status === 'accepted' ? queuedEveryMs : false),
  });
  const goesOn = run.data !== undefined && !isEnded(run.data);
  const ended = useQuery({
    ...stepsQuery(agentId, runId),
    enabled: run.data !== undefined && !goesOn,
  });
  const [live, setLive] = useState<Live | null>(null);
  useEffect(() => {
    if (!goesOn) return;
    const stop = new AbortController();
    void follow({ agentId, runId, signal: stop.signal, show: setLive }).then(() => {
      if (stop.signal.aborted) return;
      void queries.invalidateQueries({ queryKey: ['run', runId] });
    });
    return () => stop.abort();
  }, [agentId, runId, goesOn, queries]);
  const now = live?.runId === runId ? live : null;
  return {
    run: run.data,
    steps: goesOn ? now?.steps : (ended.data ?? now?.steps),
    speaking: goesOn ? (now?.speaking ?? '') : '',
    stream: goesOn ? (now?.stream ?? 'none') : 'none',
    error: run.error ?? (goesOn ? now?.error : ended.error),
    refetch: () => void queries.invalidateQueries({ queryKey: ['run', runId] }),
  };
}

/** Follows to the end. What comes within one frame is shown at once, so that a fast run stays smooth. */
async function follow(given: {
  readonly agentId: string;
  readonly runId: string;
  readonly signal: AbortSignal;
  readonly show: (live: Live) => void;
}): Promise<void> {
  const { agentId, runId, signal, show } = given;
  const steps = new Map<string, Step>();
  let speaking = '';
  let stream: Live['stream'] = 'none';
  let waiting = false;
  const paint = (error: unknown = null) => {
    waiting = false;
    if (!signal.aborted) show({ runId, steps: [...steps.values()], speaking, stream, error });
  };
  const soon = () => {
    if (waiting) return;
    waiting = true;
    // A page in the background has no frames, but is read later.
    setTimeout(paint, document.hidden ? 500 : 50);
  };
  try {
    const events = followRun(client, {
      agentId,
      runId,
      signal,
      onConnection: ({ kind }) => {
        stream = kind;
        soon();
      },
    });
    for await (const event of events) {
      if (event.kind === 'step') steps.set(event.step.step_id, event.step);
      if (event.kind === 'text') speaking += event.text;
      else speaking = '';
      soon();
    }
    paint();
  } catch (error) {
    paint(error);
  }
}
