import type { Command } from 'commander';
import type { One } from '../api-client.ts';
import type { SentEventsView } from '../api-types.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import type { CliIo } from '../io.ts';
import { readPayload } from '../read-payload.ts';
import { sanitizedLine } from '../sanitized.ts';

interface SendOptions extends ClientOptions {
  readonly id?: string;
  readonly source?: string;
  readonly entity?: string;
}

/** `signalbox events …`: tells the agents that something happened. */
export function registerEventsCommands(program: Command, io: CliIo): void {
  const events = program.command('events').description('send events');
  const send = events
    .command('send')
    .description('send an event to the agents that listen to it')
    .argument('<type>', 'name of the event, such as reservation.created')
    .argument('[payload]', 'JSON, @file, or @- for standard input')
    .option('--id <id>', 'a second event with the same id and source starts nothing')
    .option('--source <source>', 'who sends it')
    .option('--entity <id>', 'what it is about');
  withClientOptions(send).action(
    async (type: string, payload: string | undefined, options: SendOptions) => {
      await withServer(io, options, async ({ client, out, notes }) => {
        const given = payload === undefined ? null : await readPayload(payload, io);
        const answer = await client.send<One<SentEventsView>>({
          method: 'POST',
          path: '/v1/events',
          query: { workspace_id: options.workspace },
          body: eventBody(type, given, options),
        });
        if (options.json) return out.line(answer.text);
        for (const event of answer.body.data.events) {
          const word = event.repeated ? out.style.warn('repeated') : out.style.good('kept');
          out.line(`${word} ${sanitizedLine(event.trigger_event_id)}`);
          for (const run of event.runs) {
            out.line(`  ${sanitizedLine(run.run_id)} of agent ${sanitizedLine(run.agent_id)}`);
          }
          if (event.runs.length > 0) continue;
          const why = `signalbox triggers explain ${event.trigger_event_id}`;
          notes.line(notes.style.dim(sanitizedLine(`It started no run. Why: ${why}`)));
        }
      });
    },
  );
}

/** By hand, so that the payload stays the text it is. */
function eventBody(type: string, payload: string | null, options: SendOptions): string {
  const { id, source, entity } = options;
  const fields = JSON.stringify({ type, id, source, entity_id: entity });
  return payload === null ? fields : `${fields.slice(0, -1)}, "payload": ${payload}}`;
}
