import { newId } from '../core/ids.ts';
import { logFields } from '../core/trace-context.ts';
import { handBackRuns, takeOverRun } from '../store/ownership.ts';
import { type DriveDeps, driveRun, restingAfter } from './drive-run.ts';
import { Membership, type MembershipOptions } from './membership.ts';

// The child's side of alone.ts: a process of its own incarnation, which takes over one run at a time.

export type AloneRequest =
  | {
      readonly kind: 'drive';
      readonly id: string;
      /** Who hands it over, and the epoch it has there. */
      readonly from: string;
      readonly epoch: number;
    }
  | { readonly kind: 'stop'; readonly id: string };

export type AloneAnswer =
  | { readonly kind: 'ready'; readonly process: string }
  | { readonly kind: 'done'; readonly id: string };

/** The IPC channel of a child: `process`, outside tests. */
export interface AloneChannel {
  send?(message: AloneAnswer): unknown;
  on(event: 'message', listener: (message: AloneRequest) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

/** Serves until the parent lets go of the channel, or has died; then the step under way may end, for 10 s. */
export async function serveAlone(given: {
  readonly deps: DriveDeps;
  readonly membership: MembershipOptions;
  readonly channel: AloneChannel;
  readonly drainMs?: number;
}): Promise<void> {
  const { deps, channel } = given;
  const { db } = deps;
  let stop = new AbortController();
  let isClosing = false;
  let driving: { readonly id: string; readonly ended: Promise<void> } | null = null;
  await using membership = new Membership(
    // A name of its own: nobody takes it again, so a death is seen by the parent, or by its beat.
    {
      ...given.membership,
      processName: `${given.membership.processName} alone ${newId('process')}`,
    },
    { onLapse: () => stop.abort(), onReborn: () => stop.abort() },
  );
  await membership.join();
  const advance = { ...deps.advance, mayStart: () => membership.mayStart() };

  /** Of the log, for the run that is driven. */
  let about: object = {};
  const drive = async ({ id, from, epoch }: Extract<AloneRequest, { kind: 'drive' }>) => {
    const owner = membership.id;
    const run = await takeOverRun(db, { id, from, epoch, owner });
    if (run === null) return;
    about = logFields(run);
    const end = await driveRun({ ...deps, advance }, run, {
      signal: stop.signal,
      isOver: (now) => isClosing || now.crashes === 0,
    });
    if (end !== 'left') await handBackRuns(db, [restingAfter(run, end)]);
  };

  const closed = new Promise<void>((resolve) => channel.on('disconnect', resolve));
  channel.on('message', (request) => {
    if (request.kind === 'stop') {
      if (driving?.id === request.id) stop.abort();
      return;
    }
    stop = new AbortController();
    about = { run: request.id };
    const ended = drive(request)
      .catch((error: unknown) => {
        // What it still owns becomes anybody's when this process has gone.
        deps.logger.error({ err: error, ...about }, 'A run under suspicion was not driven');
      })
      .then(() => {
        driving = null;
        if (!isClosing) channel.send?.({ kind: 'done', id: request.id });
      });
    driving = { id: request.id, ended };
  });
  channel.send?.({ kind: 'ready', process: membership.id });
  await closed;
  isClosing = true;
  const late = setTimeout(() => stop.abort(), given.drainMs ?? 10_000);
  await (driving as { readonly ended: Promise<void> } | null)?.ended;
  clearTimeout(late);
}
