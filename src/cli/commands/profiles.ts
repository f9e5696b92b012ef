import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { reporting } from '../command-context.ts';
import { connectionFrom } from '../connection.ts';
import type { CliIo } from '../io.ts';
import { readProfiles, writeProfiles } from '../profiles.ts';
import { sanitizedLine } from '../sanitized.ts';
import { printTable } from '../table.ts';
import { createTerminal, type Terminal } from '../terminal.ts';

/** `signalbox profiles list|add|use|rm`: several servers, each by a name. */
export function registerProfilesCommands(program: Command, io: CliIo): void {
  const profiles = program
    .command('profiles')
    .description('servers by names, with a token each (--profile, SIGNALBOX_PROFILE)');
  const doing = (work: (out: Terminal) => void) =>
    reporting(io, async () => work(createTerminal(io.stdout, io.env)));
  profiles
    .command('list')
    .description('the servers that are known; * is the current one')
    .action(() => doing((out) => list(io, out)));
  profiles
    .command('add')
    .description('keep a server under a name; the first one is the current one')
    .argument('<name>')
    .requiredOption('--url <url>', 'its address')
    .option(
      '--token <token>',
      'bearer token (default: SIGNALBOX_TOKEN, which no process list shows)',
    )
    .action((name: string, given: { readonly url: string; readonly token?: string }) =>
      doing((out) => {
        const { url, token } = connectionFrom(given, io);
        const before = readProfiles(io.env);
        const added = { ...before.profiles, [nameIn(name)]: { url, token } };
        writeProfiles(io.env, { current: before.current ?? name, profiles: added });
        out.line(sanitizedLine(`added ${name} ${url}`));
      }),
    );
  profiles
    .command('use')
    .description('make a server the current one')
    .argument('<name>')
    .action((name: string) =>
      doing((out) => {
        const before = readProfiles(io.env);
        requireThere(before.profiles, name);
        writeProfiles(io.env, { ...before, current: name });
        out.line(sanitizedLine(`using ${name}`));
      }),
    );
  profiles
    .command('rm')
    .description('forget a server')
    .argument('<name>')
    .action((name: string) =>
      doing((out) => {
        const { current, profiles: before } = readProfiles(io.env);
        requireThere(before, name);
        const { [name]: _, ...rest } = before;
        writeProfiles(io.env, { current: current === name ? null : current, profiles: rest });
        out.line(sanitizedLine(`removed ${name}`));
      }),
    );
}

function list(io: CliIo, out: Terminal): void {
  const { current, profiles } = readProfiles(io.env);
  printTable(out, {
    rows: Object.entries(profiles).map(([name, profile]) => ({ name, ...profile })),
    empty: 'No profiles. `signalbox profiles add NAME --url URL` keeps one.',
    columns: [
      { title: '', value: ({ name }) => (name === current ? '*' : '') },
      { title: 'NAME', value: ({ name }) => name },
      { title: 'TOKEN', value: ({ token }) => (token === null ? '' : `…${token.slice(-4)}`) },
      { title: 'URL', value: ({ url }) => url, shrinks: true },
    ],
  });
}

function nameIn(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  throw new CliError(`"${name}" is no name for a profile.`, {
    hint: 'It takes letters, digits, ".", "_" and "-".',
  });
}

function requireThere(profiles: Readonly<Record<string, unknown>>, name: string): void {
  if (Object.hasOwn(profiles, name)) return;
  throw new CliError(`There is no profile "${name}".`, { hint: 'See `signalbox profiles list`.' });
}
