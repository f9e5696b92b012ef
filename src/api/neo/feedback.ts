import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { type Feedback, feedbackMaxima } from '../../core/feedback.ts';
import { type AskedFeedback, giveFeedback, readFeedbackLink } from '../../runs/feedback.ts';
import { listFeedback } from '../../store/feedback.ts';
import { created, ok } from '../answer.ts';
import { parseObject, readBytes } from '../body.ts';
import {
  feedbackLinkShape,
  feedbackShape,
  makeFeedbackLink,
  newFeedbackLink,
  showFeedback,
} from '../feedback-view.ts';
import { findRun } from '../find.ts';
import { escapeHtml, plainPage, plainText } from '../plain-page.ts';
import { defineRoute } from '../route.ts';
import { proofIn, signedQuery } from '../signed-links.ts';
import { neoDialect } from './dialect.ts';
import { executionParams } from './executions.ts';
import { ofObject } from './fields.ts';

// Feedback by signed URLs. Programs that look at links before people do change nothing by that: a GET shows a form, and
// its POST keeps what is said. Who sends the form gets a page; everybody else gets JSON.

const tag = 'Feedback';
const ofExecution = { tag, resource: 'run', workspace: ofObject, params: executionParams } as const;

const byLink = {
  tag,
  path: '/public-api/feedback/{execution_id}',
  resource: 'run',
  right: 'public',
  workspace: 'none',
  params: executionParams,
  query: z.object({ name: z.string().max(feedbackMaxima.nameLength).default(''), ...signedQuery }),
} as const;

/** Of the form: a comment in which every character is written as its code. */
const maxBodyBytes = feedbackMaxima.commentLength * 12 + 1_024;

export const feedbackRoutes = [
  defineRoute(
    {
      ...ofExecution,
      method: 'post',
      path: '/public-api/executions/{execution_id}/feedback-links',
      operationId: 'public_api.executions_feedback_links_post',
      summary: 'Make a signed link for feedback on an execution',
      description: 'What is said by it may be changed by the same link until it expires.',
      right: 'write',
      body: newFeedbackLink,
      bodyExample: { name: 'ada@example.com' },
      responses: { 201: { description: 'Created.', data: feedbackLinkShape } },
    },
    async (call, deps) => {
      const run = await findRun(deps, call.scope, call.params.execution_id);
      return created(makeFeedbackLink(deps, call, run));
    },
  ),
  defineRoute(
    {
      ...ofExecution,
      method: 'get',
      path: '/public-api/executions/{execution_id}/feedback',
      operationId: 'public_api.executions_feedback_get',
      summary: 'List the feedback on an execution',
      right: 'read',
      responses: { 200: { description: 'Success.', data: z.array(feedbackShape) } },
    },
    async ({ params, scope }, deps) => {
      const run = await findRun(deps, scope, params.execution_id);
      return ok((await listFeedback(deps.db, [run.id])).map(showFeedback));
    },
  ),
  defineRoute(
    {
      ...byLink,
      method: 'get',
      operationId: 'public_api.feedback_get',
      summary: 'A page that asks for feedback',
      description: 'By a signed link. Reading it changes nothing.',
      responses: {
        200: { description: 'The page.', contentType: 'text/html' },
        403: { description: 'The link is not valid, or not any more', contentType: 'text/html' },
        404: { description: 'The execution is gone', contentType: 'text/html' },
      },
    },
    async ({ params, query }, deps) => {
      try {
        return plainPage(formOf(await readFeedbackLink(deps, linkOf(params, query))));
      } catch (error) {
        return pageOf(error);
      }
    },
  ),
  defineRoute(
    {
      ...byLink,
      method: 'post',
      operationId: 'public_api.feedback_post',
      summary: 'Give feedback by a signed link',
      description:
        'JSON, or the form of the page, which is answered by a page. It takes the place of what was said by the link before.',
      body: z.object({ rating: z.string(), comment: z.string().nullable().optional() }),
      readsBody: true,
      errors: { 403: 'The link is not valid, or not any more', 404: 'The execution is gone' },
      responses: { 200: { description: 'Kept.', data: feedbackShape } },
    },
    async ({ params, query, http }, deps) => {
      const type = http.req.header('content-type');
      const isForm = type?.startsWith('application/x-www-form-urlencoded') === true;
      try {
        const said = await readSaid(http, isForm);
        const feedback = await giveFeedback(deps, { link: linkOf(params, query), ...said });
        return isForm ? plainPage(thanksFor(feedback)) : ok(showFeedback(feedback));
      } catch (error) {
        if (!isForm) throw error;
        return pageOf(error);
      }
    },
  ),
];

function linkOf(
  { execution_id: runId }: z.output<typeof executionParams>,
  { name, ...signed }: z.output<typeof byLink.query>,
) {
  return { runId, name, ...proofIn(signed) };
}

async function readSaid(http: Context, isForm: boolean) {
  const text = Buffer.from(await readBytes(http.req.raw, maxBodyBytes)).toString('utf8');
  if (!isForm) {
    const { rating, comment } = parseObject(text, 'application/json');
    return { rating, comment };
  }
  const form = new URLSearchParams(text);
  // Browsers send line breaks as two characters.
  const comment = form.get('comment')?.replaceAll('\r\n', '\n');
  return { rating: form.get('rating'), comment };
}

function formOf({ agent, before }: AskedFeedback): string {
  const choice = (rating: string, label: string) =>
    `<label><input type="radio" name="rating" value="${rating}" required${before?.rating === rating ? ' checked' : ''}> ${label}</label> `;
  const { commentLength } = feedbackMaxima;
  return `<form method="post"><h1>How was it?</h1><p>What ${escapeHtml(agent)} did for you was</p>
<p>${choice('good', 'good')}${choice('bad', 'not good')}</p>
<p><label>Anything to add?<br><textarea name="comment" rows="5" cols="50" maxlength="${commentLength}">
${escapeHtml(before?.comment ?? '')}</textarea></label></p><button>Send</button></form>`;
}

function thanksFor({ rating }: Feedback): string {
  const said = rating === 'good' ? 'good' : 'not good';
  return `<p>Thank you: noted as ${said}. You can change it by the same link.</p>`;
}

function pageOf(error: unknown): Response {
  if (!(error instanceof ApiError)) throw error;
  return plainText(error.message, neoDialect.statusOf[error.problem]);
}
