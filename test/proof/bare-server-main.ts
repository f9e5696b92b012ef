import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDatabase, writingOptions } from '../../src/store/connect.ts';
import { databaseFault } from '../../src/store/database-fault.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { GroupCommit } from '../../src/store/group-commit.ts';

// What the proof of webhooks is held against: an HTTP server that inserts a row for each request, and does
// nothing else. `/pool` by a statement and commit of its own, on a pool of 10 connections; `/group` by the
// group commit of the server. The same Postgres, fsync on.

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('The first argument is a data directory.');
const postgres = await startEmbeddedPostgres({ dataDir });
const settings = { kind: 'embedded', connection: postgres.connection } as const;
const db = openDatabase(settings);
const writing = openDatabase(settings, writingOptions);
await db.execute(
  'CREATE TABLE rows (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text NOT NULL)',
);
const writer = new GroupCommit<string, number>({
  execute: async (bodies) => {
    const rows = await writing.query<{ id: number }>({
      name: 'insert-many',
      text: 'INSERT INTO rows (body) SELECT unnest($1::text[]) RETURNING id',
      values: [bodies],
    });
    return rows.map(({ id }) => id);
  },
  faultOf: databaseFault,
  sizeOf: (body) => body.length,
  giveUpAfterMs: 3_000,
});

async function insert(body: string): Promise<number> {
  const rows = await db.query<{ id: number }>({
    name: 'insert-one',
    text: 'INSERT INTO rows (body) VALUES ($1) RETURNING id',
    values: [body],
  });
  return rows[0]?.id ?? 0;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const server = createServer((request, response) => {
  bodyOf(request)
    .then((body) => (request.url === '/group' ? writer.submit(body) : insert(body)))
    .then((id) => {
      response.writeHead(202, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id }));
    })
    .catch((error: unknown) => response.writeHead(500).end(String(error)));
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
  for (const part of [writer, writing, db, postgres]) await part[Symbol.asyncDispose]();
  process.exit(0);
});
