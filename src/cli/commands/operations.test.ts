import { Command } from 'commander';
import { expect, test } from 'vitest';
import { cliAgainst } from '../../../test/support/run-cli.ts';
import { apiRoutes } from '../../api/app.ts';
import { allOperations, operationCommands, sameAs, whyNoCommand } from '../operation-words.ts';
import { registerClientCommands } from '../program.ts';

const program = new Command('signalbox');
registerClientCommands(program, { env: {}, version: '0.0.0-test' });

function wordsOf(group: string): readonly string[] | null {
  const command = program.commands.find((one) => one.name() === group);
  return command?.commands.map((one) => one.name()) ?? null;
}

test('every operation of the API is a command, or there is a reason why not', () => {
  const known = new Set(allOperations().map(({ operationId }) => operationId));
  const routes = apiRoutes().filter(({ route }) => route.path.startsWith('/v1'));
  const unknown = routes.filter(({ route }) => !known.has(route.operationId));
  // The document does not name itself; `signalbox openapi` writes it. `signalbox chat` does what OpenAI's clients do.
  // MCP is for programs of others.
  expect(unknown.map(({ route }) => route.path)).toEqual([
    '/v1/openapi.json',
    '/v1/chat/completions',
    '/v1/mcp',
  ]);
  const without = operationCommands().filter(({ group, word }) => {
    const words = wordsOf(group);
    // A group without words does one thing: `signalbox usage`, `signalbox backup FILE`.
    return words === null || (words.length > 0 && !sameAs(word).some((one) => words.includes(one)));
  });
  expect(without.map(({ operation }) => operation.operationId)).toEqual([]);
  const reasons = allOperations().filter(({ operationId }) => whyNoCommand(operationId) !== null);
  expect(reasons.length).toBeLessThan(12);
});

test('no two operations share a command', () => {
  const names = operationCommands().map(({ group, word }) => `${group} ${word}`);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('a command fills the path, passes queries and body on as they are, and prints what comes', async () => {
  const path = '/v1/agents/ag%201/runs/ar1/fork';
  const data = '{"from_step": 12345678901234567890}';
  const args = ['agents', 'runs-fork', 'ag 1', 'ar1', '--data', data];
  const fork = await cliAgainst({ [`POST ${path}`]: { data: { id: 'ar2' } } }, args);
  expect(fork.seen[0]?.body).toBe(data);
  expect(fork.stdout).toBe('{\n  "id": "ar2"\n}\n');

  const rows = [{ workspace_id: 'ws1', status: 'done', name: 'One', id: 'x1', extra: { a: 1 } }];
  const answer = { data: rows, next_cursor: 'c2', has_more: true };
  const shown = await cliAgainst({ 'GET /v1/openapi-tools?limit=1': answer }, [
    'openapi-tools',
    'list',
    '--limit',
    '1',
  ]);
  expect(shown.stdout).toMatch(/ID +NAME +STATUS\nx1 +One +done\n/);
  expect(shown.stderr).toContain('--cursor c2');
});
