import { describe, expect, test } from 'vitest';
import { createEmptyDatabase, createTestDatabase } from '../../../test/support/database.ts';
import { ensureDefaultWorkspace } from '../workspaces.ts';
import { readRecords } from './read-records.ts';
import { restoreBackup } from './restore-backup.ts';
import { takeBackup } from './take-backup.ts';

const given = () => ({ version: '1.2.3', signal: new AbortController().signal });

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const oddText = 'tab\there, line\nthere, \\. and \\N, quote " \' and ü 日本';

async function createFilled() {
  const filled = await createTestDatabase();
  await ensureDefaultWorkspace(filled.db);
  for (const name of ['one', 'two']) {
    await filled.db.execute({
      text: "INSERT INTO settings (name, value) VALUES ($1, $2 || repeat('x', 100000))",
      values: [name, oddText],
    });
  }
  return filled;
}

describe('a backup', () => {
  test('fills an empty database with the same rows, whatever they hold and however it comes in', async () => {
    await using filled = await createFilled();
    await using empty = await createEmptyDatabase();
    const bytes = await collect(takeBackup(filled.db, given()));
    const restored = await restoreBackup(empty.db, inPieces(bytes, 997));
    expect(restored.head.version).toBe('1.2.3');
    const again = await collect(takeBackup(empty.db, given()));
    const rowsOf = (backup: Buffer) => backup.toString().split('\n').slice(1).join('\n');
    expect(rowsOf(again)).toBe(rowsOf(bytes));
    const [row] = await empty.db.query<{ value: string }>(
      "SELECT value FROM settings WHERE name = 'one'",
    );
    expect(row?.value.startsWith(oddText)).toBe(true);
    expect(
      (await empty.db.query<{ count: number }>('SELECT count(*)::int FROM workspaces'))[0],
    ).toEqual({ count: 1 });
  });

  test('goes on with sequences where they were', async () => {
    await using filled = await createFilled();
    await using empty = await createEmptyDatabase();
    const numbers = (
      await filled.db.query<{ name: string }>(
        "SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public'",
      )
    ).map(({ name }) => name);
    expect(numbers.length).toBeGreaterThan(1);
    for (const name of numbers) await filled.db.query(`SELECT setval('${name}', 41, true)`);
    await restoreBackup(empty.db, takeBackup(filled.db, given()));
    for (const name of numbers) {
      expect(await empty.db.query(`SELECT nextval('${name}')`)).toEqual([{ nextval: 42 }]);
    }
  });

  test.each([
    ['is cut off among rows', (text: string) => text.slice(0, text.indexOf('xxx') + 10)],
    ['lacks its last line', (text: string) => text.slice(0, text.lastIndexOf('-- signalbox end'))],
    ['lacks a row', (text: string) => text.replace(/two\t.*\n/, '')],
    [
      'is of a later version',
      (text: string) =>
        text.replace(
          '"migrations":[',
          '"migrations":[{"version":9999,"name":"9999-later","checksum":"0"},',
        ),
    ],
    [
      'holds another statement',
      (text: string) => text.replace(/\n-- rows \d+\n/, '\nDROP TABLE settings;\n'),
    ],
    ['is something else', () => 'hello\nworld\n'],
    ['is empty', () => ''],
  ])('that %s is refused, and the database stays empty', async (_, damage) => {
    await using filled = await createFilled();
    await using empty = await createEmptyDatabase();
    const whole = await collect(takeBackup(filled.db, given()));
    const damaged = Buffer.from(damage(whole.toString()));
    await expect(restoreBackup(empty.db, inPieces(damaged, 65_536))).rejects.toThrow();
    const tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
    expect(await empty.db.query(tables)).toEqual([]);
    await restoreBackup(empty.db, inPieces(whole, 65_536));
  });

  test('is not restored over anything', async () => {
    await using filled = await createFilled();
    await using other = await createTestDatabase();
    await expect(restoreBackup(other.db, takeBackup(filled.db, given()))).rejects.toThrow(
      /not empty/,
    );
  });
});

test('records are the same however the bytes are cut', async () => {
  const bytes = Buffer.from(
    '-- a\nCOPY "t" ("x") FROM stdin;\n1\n22\n\\.\n-- rows 2\nCOPY "u" ("x") FROM stdin;\n\\.\n-- rows 0\nend',
  );
  const shown = async (size: number) => {
    const rows: string[] = [];
    for await (const record of readRecords(inPieces(bytes, size))) {
      if (record.kind !== 'rows') rows.push(record.kind === 'line' ? record.line : record.kind);
      else rows.push(...Buffer.from(record.bytes).toString().trimEnd().split('\n'));
    }
    return rows;
  };
  const whole = await shown(bytes.length);
  expect(whole).toContain('22');
  for (let size = 1; size < bytes.length; size += 1) expect(await shown(size)).toEqual(whole);
});
