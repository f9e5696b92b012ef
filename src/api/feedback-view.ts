import { z } from '@hono/zod-openapi';
import { type Feedback, feedbackMaxima, ratings } from '../core/feedback.ts';
import type { Run } from '../core/run.ts';
import { linkForFeedback } from '../runs/feedback.ts';
import type { ApiDeps } from './deps.ts';
import type { Call } from './route.ts';
import { expiryOf, signedUrl } from './signed-links.ts';

// What people said of a run and the links by which they do, the same in both dialects.

export const feedbackShape = z
  .object({
    rating: z.enum(ratings),
    comment: z.string().nullable(),
    given_by: z
      .string()
      .nullable()
      .openapi({ description: 'Whom the link was made for; nobody checks who used it.' }),
    created_at: z.string().openapi({ format: 'date-time' }),
    updated_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('Feedback');

export const newFeedbackLink = z
  .object({
    name: z
      .string()
      .max(feedbackMaxima.nameLength)
      .refine(
        (name) => !/\p{Cc}/u.test(name),
        'must have no line breaks or other control characters',
      )
      .default('')
      .openapi({ description: 'Whom it is for. It is in the URL, for everybody to see.' }),
    expires_in_days: z.number().int().min(1).max(feedbackMaxima.linkDays).default(30),
  })
  .openapi('NewFeedbackLink');

export const feedbackLinkShape = z
  .object({
    url: z.string().openapi({ description: 'Needs no account. It cannot be taken back.' }),
    name: z.string(),
    expires_at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('FeedbackLink');

export function showFeedback(feedback: Feedback): z.input<typeof feedbackShape> {
  return {
    rating: feedback.rating,
    comment: feedback.comment,
    given_by: feedback.givenBy,
    created_at: feedback.createdAt.toISOString(),
    updated_at: feedback.updatedAt.toISOString(),
  };
}

/** A new link, as its maker gets it. */
export function makeFeedbackLink(
  deps: Pick<ApiDeps, 'cursorKey' | 'publicUrl'>,
  call: Pick<Call<unknown, unknown, z.output<typeof newFeedbackLink>>, 'http' | 'body'>,
  run: Pick<Run, 'id'>,
): z.input<typeof feedbackLinkShape> {
  const { name, expires_in_days: days } = call.body;
  const proof = linkForFeedback(deps, { runId: run.id, name, days, nowMs: Date.now() });
  const path = `/public-api/feedback/${run.id}`;
  const query = name === '' ? {} : { name };
  const url = signedUrl(deps, call, { path, query, proof });
  return { url, name, expires_at: expiryOf(proof) };
}
