import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import {
  type ClientOptions,
  type CommandContext,
  withClientOptions,
  withServer,
} from '../command-context.ts';
import type { CliIo } from '../io.ts';

const endMark = '-- signalbox end ';

/** `signalbox backup`: the whole installation in a file. */
export function registerBackupCommand(program: Command, io: CliIo): void {
  const backup = program
    .command('backup')
    .description('Save the whole installation to a file, while it goes on (admin token)')
    .argument('<file>', 'where to, such as signalbox.sql.gz; must not be there yet');
  withClientOptions(backup).action(async (file: string, options: ClientOptions) => {
    await withServer(io, options, (context) => takeBackup(context, file, options));
  });
}

async function takeBackup(
  { client, out }: CommandContext,
  file: string,
  options: ClientOptions,
): Promise<void> {
  const response = await client.open({ path: '/v1/backup', headers: { Accept: '*/*' } });
  // Under its name there is only ever a whole one.
  const part = `${file}.part`;
  try {
    const bytes = await save(response, part);
    await rename(part, file);
    const said = { file, bytes };
    if (options.json) return out.line(JSON.stringify(said));
    out.line(
      `${file}: ${(bytes / 1_048_576).toFixed(1)} MiB, whole. Keep the secret key too, elsewhere.`,
    );
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** The number of bytes. Throws `CliError` when the answer breaks off. */
async function save(response: Response, path: string): Promise<number> {
  if (response.body === null) throw new CliError('The server sent nothing.');
  let bytes = 0;
  let tail = '';
  const plain = createGunzip();
  plain.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.subarray(-4_096).toString('latin1')).slice(-4_096);
  });
  const checked = new Promise<void>((resolve, reject) => {
    plain.once('end', resolve);
    plain.once('error', reject);
  });
  checked.catch(() => {});
  const check = new Transform({
    transform: (chunk: Buffer, _, done) => {
      bytes += chunk.length;
      plain.write(chunk, () => done(null, chunk));
    },
    flush: (done) => {
      plain.end();
      checked.then(() => done(), done);
    },
  });
  try {
    await pipeline(
      response.body,
      check,
      createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }),
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`The backup could not be saved: ${reason}`, { cause });
  }
  if (tail.trimEnd().split('\n').at(-1)?.startsWith(endMark) !== true) {
    throw new CliError('The backup broke off before its end.', { hint: 'Try again.' });
  }
  return bytes;
}
