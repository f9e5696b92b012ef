import { startEmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';

// A server reduced to its embedded Postgres, for tests that kill it. Takes the options as JSON, prints one
// line of JSON when Postgres is up or could not start, and stops cleanly on SIGTERM.

try {
  const postgres = await startEmbeddedPostgres(JSON.parse(process.argv[2] ?? '{}'));
  const { connection, mode, pid } = postgres;
  const stay = setInterval(() => {}, 60_000);
  process.once('SIGTERM', async () => {
    await postgres[Symbol.asyncDispose]();
    clearInterval(stay);
  });
  console.log(JSON.stringify({ connection, mode, pid }));
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
  process.exitCode = 1;
}
