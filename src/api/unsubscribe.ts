import { z } from '@hono/zod-openapi';
import { unsubscribe } from '../notifications/unsubscribe.ts';
import { plainPage } from './plain-page.ts';
import { defineRoute } from './route.ts';

// The link at the end of a mail. Programs that look at links before people do change nothing by that: a GET shows a
// button, and a POST, of the button or of a mail program (RFC 8058), switches off. The key is the right.

const common = {
  path: '/unsubscribe/{key}',
  tag: 'hooks',
  resource: 'hook',
  right: 'public',
  workspace: 'none',
  params: z.object({ key: z.string().max(200) }),
} as const;

export const unsubscribeRoutes = [
  defineRoute(
    {
      ...common,
      method: 'get',
      operationId: 'askToUnsubscribe',
      summary: 'A page with a button that ends a notification',
      responses: { 200: { description: 'The page', contentType: 'text/html' } },
    },
    async () =>
      plainPage(
        '<form method="post"><p>No more of these messages?</p><button>Stop them</button></form>',
      ),
  ),
  defineRoute(
    {
      ...common,
      method: 'post',
      operationId: 'unsubscribe',
      summary: 'End a notification',
      errors: { 404: 'The link is of no notification' },
      responses: { 200: { description: 'Switched off', contentType: 'text/html' } },
    },
    async ({ params: { key } }, deps) => {
      await unsubscribe(deps, key);
      return plainPage('<p>They are switched off. You can switch them on again in Signalbox.</p>');
    },
  ),
];
