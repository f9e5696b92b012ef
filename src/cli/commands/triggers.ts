import type { Command } from 'commander';
import type { One } from '../api-client.ts';
import type { CronView } from '../api-types.ts';
import { type ClientOptions, withClientOptions, withServer } from '../command-context.ts';
import { localTime } from '../figures.ts';
import type { CliIo } from '../io.ts';
import { sanitizedLine } from '../sanitized.ts';
import { registerTriggerEventsCommands } from './trigger-events.ts';

interface CronOptions extends ClientOptions {
  readonly timezone?: string;
}

/** `signalbox triggers …`: what triggers mean, and what they did. */
export function registerTriggersCommands(program: Command, io: CliIo): void {
  const triggers = program.command('triggers').description('explain triggers, and what has fired');
  registerTriggerEventsCommands(triggers, io);
  const cron = triggers
    .command('cron')
    .description('a cron expression in words, with its next five ticks')
    .argument('<expression>', 'five fields, or six with seconds first: "0 9 * * MON-FRI"')
    .option('--timezone <name>', 'IANA time zone such as Europe/Berlin (default UTC)');
  withClientOptions(cron).action(async (expression: string, options: CronOptions) => {
    await withServer(io, options, async ({ client, out }) => {
      const { timezone } = options;
      const answer = await client.send<One<CronView>>({
        method: 'POST',
        path: '/v1/triggers/cron/explain',
        body: JSON.stringify({ expression, ...(timezone !== undefined && { timezone }) }),
      });
      if (options.json) return out.line(answer.text);
      const { explanation, next_ticks } = answer.body.data;
      out.line(out.style.strong(sanitizedLine(explanation)));
      for (const tick of next_ticks) {
        out.line(`  ${sanitizedLine(tick)}  ${out.style.dim(`${localTime(tick)} here`)}`);
      }
    });
  });
}
