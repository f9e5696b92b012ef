import { defaultTracesPerSecond } from '../../src/env.ts';
import type { OpenSubject } from './subject.ts';

// Each is loaded only in the process that measures it: no peer costs another its memory or its timers.

interface Named {
  readonly title: string;
  readonly peer: boolean;
  readonly open: OpenSubject;
}

export const subjects = {
  ours: {
    title: 'Signalbox, in process',
    peer: false,
    open: async (given) => (await import('./subjects/ours.ts')).openOurs(given),
  },
  oursTelemetry: {
    title: 'Signalbox, in process, telemetry on',
    peer: false,
    open: async (given) =>
      (await import('./subjects/ours.ts')).openOurs(given, {
        tracesPerSecond: defaultTracesPerSecond,
      }),
  },
  oursEveryTrace: {
    title: 'Signalbox, in process, telemetry of every run',
    peer: false,
    open: async (given) =>
      (await import('./subjects/ours.ts')).openOurs(given, { tracesPerSecond: 0 }),
  },
  oursHttp: {
    title: 'Signalbox, through HTTP',
    peer: false,
    open: async (given) => (await import('./subjects/ours-http.ts')).openOursHttp(given),
  },
  bare: {
    title: 'bare Postgres, the same rows',
    peer: false,
    open: async (given) => (await import('./subjects/bare.ts')).openBare(given),
  },
  narrow: {
    title: 'bare Postgres, two narrow tables',
    peer: false,
    open: async (given) => (await import('./subjects/narrow.ts')).openNarrow(given),
  },
  dbos: {
    title: 'DBOS',
    peer: true,
    open: async (given) => (await import('./subjects/dbos.ts')).openDbos(given),
  },
  restate: {
    title: 'Restate, through its ingress',
    peer: true,
    open: async (given) => (await import('./subjects/restate.ts')).openRestate(given),
  },
  graphile: {
    title: 'graphile-worker and own writes',
    peer: true,
    open: async (given) => (await import('./subjects/graphile.ts')).openGraphile(given),
  },
  temporalOurs: {
    title: 'Signalbox, on Temporal',
    peer: false,
    open: async (given) => (await import('./subjects/temporal-ours.ts')).openTemporalOurs(given),
  },
  temporalByHand: {
    title: 'Temporal, written by hand',
    peer: true,
    open: async (given) =>
      (await import('./subjects/temporal-by-hand.ts')).openTemporalByHand(given),
  },
} as const satisfies Readonly<Record<string, Named>>;

export type SubjectName = keyof typeof subjects;
