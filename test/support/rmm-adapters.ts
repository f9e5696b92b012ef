import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { makeCertificate } from './certificate.ts';
import { type ReceivedWebhook, startReceiver } from './webhook-receiver.ts';

// A remote management system as an integrator would put it before machines: a webhook that wants signed requests,
// and an MCP server, made by the official library, that wants a token; both at https://rmm.test.

export const rmmHost = 'rmm.test';

export interface RmmAdapters extends AsyncDisposable {
  /** `https://rmm.test:PORT` */
  readonly url: string;
  /** PEM, to be trusted by who calls. */
  readonly certificate: string;
  /** Calls that were let in, by either way: what ran where, and the key of the call where there is one. */
  readonly ran: {
    readonly by: 'webhook' | 'mcp';
    readonly id: string | null;
    readonly body: object;
  }[];
  /** Requests that were not. */
  readonly refused: string[];
}

const input = z.object({ machine_id: z.string(), script: z.string() });

/** A script named `hang` is never answered. */
export async function startRmmAdapters(secrets: {
  readonly signing: string;
  readonly token: string;
}): Promise<RmmAdapters> {
  const { key, cert } = makeCertificate([rmmHost]);
  const receiver = await startReceiver({ key, cert });
  const ran: RmmAdapters['ran'] = [];
  const refused: string[] = [];
  const url = `https://${rmmHost}:${receiver.port}`;
  const { fetch: answerMcp } = createMcpHandler(() => {
    const server = new McpServer({ name: 'fleet', version: '1.0.0' });
    const description = 'Runs a script on a machine.';
    server.registerTool('run_script', { description, inputSchema: input }, async (given) => {
      ran.push({ by: 'mcp', id: null, body: given });
      const structuredContent = { exit_code: 3, stdout: `${given.script}: 2 disks` };
      const text = JSON.stringify(structuredContent);
      return { content: [{ type: 'text', text }], structuredContent };
    });
    return server;
  });
  const isKnown = (request: ReceivedWebhook) => {
    if (request.path === '/mcp') return request.headers.authorization === `Bearer ${secrets.token}`;
    try {
      return new Webhook(secrets.signing).verify(request.body, request.headers) !== undefined;
    } catch {
      return false;
    }
  };
  receiver.respond = async (request, response) => {
    if (!isKnown(request)) {
      refused.push(request.path);
      return 401;
    }
    if (request.path !== '/mcp') {
      const body = JSON.parse(request.body) as { readonly script: string };
      ran.push({ by: 'webhook', id: request.id, body });
      if (body.script === 'hang') return undefined;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ exit_code: 0, stdout: 'spooler restarted' }));
      return undefined;
    }
    const { method, headers, body } = request;
    const asked = new Request(`${url}/mcp`, { method, headers, body: body === '' ? null : body });
    const answer = await answerMcp(asked);
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.flushHeaders();
    // Some answers are streams that stay open.
    for await (const chunk of answer.body ?? []) response.write(chunk);
    response.end();
    return undefined;
  };
  return {
    ...{ url, ran, refused, certificate: cert },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}
