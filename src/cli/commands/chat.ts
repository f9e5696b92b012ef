import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { ApiAnswer, One } from '../api-client.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import { findAgentId } from '../find.ts';
import type { CliIo } from '../io.ts';
import { sanitized } from '../sanitized.ts';
import { readEvents } from '../sse.ts';

interface ChatOptions extends ClientOptions {
  readonly session?: string;
}

interface Turn {
  readonly since_cursor: string;
  readonly chat_turn_id: string | null;
}

interface Envelope {
  readonly type: string;
  readonly id?: string;
  readonly delta?: string;
  readonly data?: { readonly id?: string; readonly tool?: string; readonly state?: string };
  readonly messageMetadata?: { readonly outcome: string };
}

/** `signalbox chat AGENT [MESSAGE…]`: one message and its answer, or a chat line by line. */
export function registerChatCommand(program: Command, io: CliIo): void {
  const command = program
    .command('chat')
    .description('chat with an agent: one message, or line by line from standard input')
    .argument('<agent>', 'id, number or unique name of the agent')
    .argument('[message...]', 'what to say; without it each line of standard input is a message')
    .option('--session <id>', 'go on with this chat session')
    .addHelpText('after', '\nExit code: 0 answered, 1 not (handed over, failed, nothing to say).');
  withClientOptions(command).action(
    async (agent: string, words: readonly string[], options: ChatOptions) => {
      await withServer(io, options, (context) =>
        chat(context, { agent, message: words.join(' '), options }),
      );
    },
  );
}

async function chat(
  context: CommandContext,
  given: { readonly agent: string; readonly message: string; readonly options: ChatOptions },
): Promise<void> {
  const { io, notes } = context;
  const { message, options } = given;
  const session = options.session ?? (await openSession(context, given.agent));
  if (message !== '') return await say(context, { session, message, options });
  notes.line(notes.style.dim(`Session ${session}. Ctrl-D ends it here; it can be gone on with.`));
  for await (const line of createInterface({ input: Readable.from(io.stdin) })) {
    if (line.trim() === '') continue;
    await say(context, { session, message: line, options });
    if (io.readerGone.aborted) return;
  }
}

async function openSession({ client }: CommandContext, agent: string): Promise<string> {
  const agentId = await findAgentId(client, agent);
  const { body } = await client.send<One<{ readonly id: string }>>({
    method: 'POST',
    path: '/public-api/chat/sessions',
    body: JSON.stringify({ agent_id: agentId, show_agent_progress_steps: true }),
  });
  return body.data.id;
}

async function say(
  context: CommandContext,
  of: { readonly session: string; readonly message: string; readonly options: ChatOptions },
): Promise<void> {
  const { client, io, out, notes } = context;
  const path = `/public-api/chat/sessions/${encodeURIComponent(of.session)}`;
  const sent: ApiAnswer<One<Turn>> = await client.send({
    method: 'POST',
    path: `${path}/messages`,
    body: JSON.stringify({ message: of.message }),
  });
  const { since_cursor: since, chat_turn_id: turn } = sent.body.data;
  if (turn === null) {
    notes.line('A person has taken over; the message is kept for them.');
    return io.setExitCode(exitCodes.failed);
  }
  const outcome = await printAnswer(context, { path, since, isJson: of.options.json === true });
  if (of.options.json !== true) notes.line(notes.style.dim(`session ${of.session}, run ${turn}`));
  io.setExitCode(outcome === 'answered' ? 0 : exitCodes.failed);
  if (outcome !== 'answered' && of.options.json !== true) out.line(sentences[outcome] ?? outcome);
}

const sentences: Readonly<Record<string, string>> = {
  handed_over: 'The agent has handed this over to a person.',
  none: 'The agent has nothing to say to this.',
  failed: 'The agent could not answer.',
};

/** Prints the answer as it comes; how the last turn ended. A broken connection is taken up where it broke. */
async function printAnswer(
  { client, io, out, notes }: CommandContext,
  given: { readonly path: string; readonly since: string; readonly isJson: boolean },
): Promise<string> {
  let last = given.since;
  let outcome: string | null = null;
  const texts = new Map<string, string>();
  for (let tries = 0; tries < 10; tries++) {
    const response = await client.open({
      path: `${given.path}/events`,
      headers: { Accept: 'text/event-stream', 'Last-Event-ID': last },
      signal: io.readerGone,
    });
    try {
      for await (const item of readEvents(response.body ?? new ReadableStream())) {
        if (item.kind !== 'event') continue;
        if (item.data === '[DONE]') return outcome ?? 'none';
        last = item.id || last;
        if (given.isJson) out.line(item.data);
        const envelope = JSON.parse(item.data) as Envelope;
        outcome = envelope.messageMetadata?.outcome ?? outcome;
        if (given.isJson) continue;
        const { type, id = '', delta = '', data } = envelope;
        if (type === 'text-delta') texts.set(id, (texts.get(id) ?? '') + delta);
        // Whole parts: what was withdrawn is not printed, and nothing in them acts on the terminal.
        if (type === 'data-withdrawn') texts.delete(data?.id ?? '');
        else if (type === 'text-end') out.line(sanitized(texts.get(id) ?? ''));
        else if (type === 'data-progress' && data?.state === 'started') {
          notes.line(notes.style.dim(`… ${sanitized(data.tool ?? '')}`));
        } else if (type === 'data-waiting') notes.line(notes.style.dim('… a person is asked'));
      }
    } catch (error) {
      if (io.readerGone.aborted) throw error;
    }
  }
  throw new CliError('The connection broke off ten times before the answer was complete.', {
    hint: 'The agent goes on; read the session’s messages.',
  });
}
