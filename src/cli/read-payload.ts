import { readFile } from 'node:fs/promises';
import { CliError } from './cli-error.ts';
import type { CliIo } from './io.ts';

/**
 * The JSON text that `--payload` names: the text itself, `@file`, or `@-` for standard input. It is checked
 * and otherwise left as it is, so that numbers keep all their digits.
 */
export async function readPayload(
  given: string,
  io: Pick<CliIo, 'stdin'>,
  option = '--payload',
): Promise<string> {
  const { text, source } = await readSource(given, io, option);
  // Which takes a byte order mark away, too.
  const bare = text.trim();
  try {
    JSON.parse(bare);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${source} is not JSON: ${reason}`, {
      hint: `Quote it for the shell, as in ${option} '{"key": "value"}', or keep it in a file: ${option} @file.json`,
      cause,
    });
  }
  return bare;
}

async function readSource(
  given: string,
  io: Pick<CliIo, 'stdin'>,
  option: string,
): Promise<{ readonly text: string; readonly source: string }> {
  if (!given.startsWith('@')) return { text: given, source: option };
  const file = given.slice(1);
  if (file === '-') return { text: await readAll(io.stdin), source: 'Standard input' };
  try {
    return { text: await readFile(file, 'utf8'), source: file };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : (code ?? String(cause));
    throw new CliError(`${option}: cannot read ${file}: ${reason}.`, {
      hint: `After @ comes a path, from ${process.cwd()}.`,
      cause,
    });
  }
}

async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
