import { readFileSync } from 'node:fs';
import { startFakeProvider } from './fake-provider.ts';
import type { FakeAnswer } from './fake-wire.ts';

// The fake provider as a process of its own, for tests that kill others:
//   node test/support/fake-provider-main.ts [--port N] [--answers FILE]
// FILE is a JSON array of answers, taken by the number of answers in the request, so that the fake
// may be shared by many runs. Its address is the first line it prints; then a JSON line a request.
// `GET /requests` gives all of them. SIGTERM ends it.

const value = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

const file = value('--answers');
const answers: FakeAnswer[] =
  file === undefined ? [{ text: 'ok' }] : JSON.parse(readFileSync(file, 'utf8'));

const fake = await startFakeProvider({
  port: Number(value('--port') ?? 0),
  answers: ({ turn }) =>
    answers[turn] ?? { status: 400, message: `No answer for turn ${turn + 1}.` },
  onRequest: ({ wire, model, turn, toolResults }) =>
    process.stdout.write(`${JSON.stringify({ wire, model, turn, toolResults })}\n`),
});
process.stdout.write(`${fake.url}\n`);
process.once('SIGTERM', () => void fake[Symbol.asyncDispose]());
