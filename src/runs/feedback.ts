import { ApiError } from '../core/errors.ts';
import { type Feedback, feedbackMaxima, type Rating, ratings } from '../core/feedback.ts';
import { isLinkGood, type LinkProof, proveLink } from '../core/link-signature.ts';
import { refuse } from '../core/validate.ts';
import { readAgentLabels } from '../store/agent-labels.ts';
import type { Queryable } from '../store/connect.ts';
import { listFeedback, writeFeedback } from '../store/feedback.ts';
import { getRun } from '../store/runs.ts';
import { countTry } from '../store/sign-in-tries.ts';

// Links by which somebody without an account says what they think of a run. A link is signed for one run and one
// person, and what they say may be changed until it is over. Nothing is stored until something is said.

export interface FeedbackDeps {
  readonly db: Queryable;
  /** Signs links; the same over restarts and processes. */
  readonly cursorKey: Buffer;
}

export interface FeedbackLink extends LinkProof {
  readonly runId: string;
  /** Whom it is for; empty where nobody is named. */
  readonly name: string;
}

/** What a link shows: which agent it was, and what was said before. */
export interface AskedFeedback {
  readonly agent: string;
  readonly before: Feedback | null;
}

const purpose = 'feedback on runs';
const perHour = 20;

/** Makes a link. `name` has no line breaks and is at most `feedbackMaxima.nameLength` long; `days` from 1. */
export function linkForFeedback(
  { cursorKey }: Pick<FeedbackDeps, 'cursorKey'>,
  of: {
    readonly runId: string;
    readonly name: string;
    readonly days: number;
    readonly nowMs: number;
  },
): FeedbackLink {
  const { runId, name, days, nowMs } = of;
  const names = [runId, name];
  const proof = proveLink(cursorKey, { purpose, names, lifetimeS: days * 86_400, nowMs });
  return { runId, name, ...proof };
}

/** What is asked by a link; changes nothing. Throws `forbidden`, and `not_found` when the run is gone. */
export async function readFeedbackLink(
  deps: FeedbackDeps,
  link: FeedbackLink & { readonly nowMs: number },
): Promise<AskedFeedback> {
  requireGood(deps, link);
  const run = await getRun(deps.db, 'all', link.runId);
  if (run === null) throw runIsGone();
  const [labels, feedback] = await Promise.all([
    readAgentLabels(deps.db, [run.agentId]),
    listFeedback(deps.db, [run.id]),
  ]);
  const before = feedback.find(({ givenBy }) => (givenBy ?? '') === link.name) ?? null;
  return { agent: labels.get(run.agentId)?.name ?? '', before };
}

/** Keeps what is said. Throws `forbidden`, `not_found`, `validation_error`, and `rate_limited` for what comes too often. */
export async function giveFeedback(
  deps: FeedbackDeps,
  given: {
    readonly link: FeedbackLink & { readonly nowMs: number };
    readonly rating: unknown;
    readonly comment: unknown;
  },
): Promise<Feedback> {
  const { link } = given;
  requireGood(deps, link);
  const said = checkSaid(given);
  const limit = { of: `feedback ${link.runId} ${link.name}`, max: perHour, windowS: 3_600 };
  const retryAfterS = await countTry(deps.db, limit);
  if (retryAfterS !== null) {
    throw new ApiError('rate_limited', 'This was sent too often. Try again later.', {
      retryAfterS,
    });
  }
  const givenBy = link.name === '' ? null : link.name;
  const feedback = await writeFeedback(deps.db, { runId: link.runId, givenBy, ...said });
  if (feedback === null) throw runIsGone();
  return feedback;
}

function checkSaid(given: { readonly rating: unknown; readonly comment: unknown }): {
  readonly rating: Rating;
  readonly comment: string | null;
} {
  const problems = new Map<string, string>();
  const rating = ratings.find((one) => one === given.rating);
  if (rating === undefined) problems.set('rating', `must be one of ${ratings.join(', ')}`);
  const { commentLength } = feedbackMaxima;
  const comment = given.comment ?? '';
  if (typeof comment !== 'string') problems.set('comment', 'must be a string');
  else if (comment.length > commentLength) {
    problems.set('comment', `must have at most ${commentLength} characters`);
  }
  refuse(problems);
  const text = String(comment).trim();
  return { rating: rating ?? 'good', comment: text === '' ? null : text };
}

function requireGood({ cursorKey }: FeedbackDeps, link: FeedbackLink & { readonly nowMs: number }) {
  if (isLinkGood(cursorKey, { ...link, purpose, names: [link.runId, link.name] })) return;
  throw new ApiError('forbidden', 'The link is not valid, or not any more.');
}

function runIsGone(): ApiError {
  return new ApiError('not_found', 'What this link was for is not kept any more.');
}
