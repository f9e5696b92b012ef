import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { HttpClient } from '../../../test/support/http-client.ts';
import type { OpenSubject } from '../subject.ts';
import { payload } from '../work.ts';
import type { ServerAnswer } from './ours-server.ts';

/** Ours through HTTP: `POST /v1/agents/{id}/run?wait=30`, answered with the ended run. */
export const openOursHttp: OpenSubject = async ({ connection }) => {
  const server = fork(join(import.meta.dirname, 'ours-server.ts'));
  server.send(connection);
  const ready = await answerOf(server, 'ready');
  const client = new HttpClient(ready.url);
  const path = `/v1/agents/${ready.agentId}/run?wait=30`;
  const headers = {
    authorization: `Bearer ${ready.token}`,
    'content-type': 'application/json',
  };
  const body = JSON.stringify({ payload });
  return {
    async run() {
      const response = await client.request('POST', path, headers, body);
      if (response.status !== 200 || !response.body.includes('"status":"completed"')) {
        throw new Error(`${response.status} ${response.body.slice(0, 300)}`);
      }
    },
    async verify(runs) {
      server.send(runs);
      const { error } = await answerOf(server, 'verified');
      if (error !== null) throw new Error(error);
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      const exited = once(server, 'exit');
      server.disconnect();
      await exited;
    },
  };
};

async function answerOf<Kind extends ServerAnswer['kind']>(
  server: ChildProcess,
  kind: Kind,
): Promise<Extract<ServerAnswer, { kind: Kind }>> {
  const exited = once(server, 'exit').then(([code]) => {
    throw new Error(`The server ended with ${code}.`);
  });
  const [answer] = (await Promise.race([once(server, 'message'), exited])) as [ServerAnswer];
  if (answer.kind !== kind) throw new Error(`The server said ${answer.kind}, not ${kind}.`);
  return answer as Extract<ServerAnswer, { kind: Kind }>;
}
