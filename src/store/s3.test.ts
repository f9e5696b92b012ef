import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { requires } from '../../test/support/requires.ts';
import { insertAgentRow, insertRunRow } from '../../test/support/runs.ts';
import { hasS3Server, type S3Server, startS3Server } from '../../test/support/s3-server.ts';
import { newId } from '../core/ids.ts';
import type { ObjectStore } from '../core/object-store.ts';
import { ObjectRemover } from '../retention/object-remover.ts';
import { openS3 } from './s3.ts';
import { readSpill, writeSpill } from './spills.ts';

const logger = { debug() {}, info() {}, warn() {}, error() {} };
const text = `${'ä'.repeat(50_000)}\u0000 the end`;

describe(
  'large outputs in an S3-compatible storage',
  requires(hasS3Server, 'no versitygw (.ci/peers)'),
  () => {
    let database: TestDatabase;
    let server: S3Server;
    let objects: ObjectStore;
    let runId: string;

    beforeAll(async () => {
      [database, server] = await Promise.all([createTestDatabase(), startS3Server()]);
      objects = openS3(server.settings);
      const { db } = database;
      runId = await insertRunRow(db, { ...(await insertAgentRow(db)), owner: 'pr' });
    });
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]();
      await database?.[Symbol.asyncDispose]();
    });

    const folder = () => join(server.folder, 'signalbox', 'outputs', runId);
    const spill = () => ({ runId, id: newId('spill'), step: 1, text });

    test('are objects there and no rows, and are read in parts that cut no character', async () => {
      const { db } = database;
      const given = spill();
      await writeSpill({ db, objects }, given);
      // A repeat after a lost answer changes nothing.
      await writeSpill({ db, objects }, given);
      expect(readdirSync(folder())).toEqual([given.id]);
      expect(await db.query('SELECT body, size_bytes FROM spills')).toEqual([
        { body: null, size_bytes: expect.any(Number) },
      ]);
      let whole = '';
      let offset: number | null = 0;
      while (offset !== null) {
        const slice = await readSpill(
          { db, objects },
          { runId, id: given.id, offset, length: 9_999 },
        );
        whole += slice?.text ?? '';
        offset = slice?.nextOffset ?? null;
      }
      expect(whole).toBe(text);
      const past = { runId, id: given.id, offset: 1_000_000, length: 10 };
      expect(await readSpill({ db, objects }, past)).toMatchObject({ text: '', nextOffset: null });
      await db.execute('DELETE FROM spills');
    });

    test('go a day after the last row that names them, and what a crash left without a row as well', async () => {
      const { db } = database;
      const kept = spill();
      const shared = spill();
      await writeSpill({ db, objects }, kept);
      await writeSpill({ db, objects }, shared);
      // As a fork copies it.
      await db.execute({
        text: `INSERT INTO spills (run_id, id, step, size_bytes, object_key)
        SELECT run_id, 'sp-of-a-fork', step, size_bytes, object_key FROM spills WHERE id = $1`,
        values: [shared.id],
      });
      const orphan = { ...spill(), id: 'sp-orphan' };
      const key = `outputs/${runId}/${orphan.id}`;
      await db.execute({
        text: 'INSERT INTO stored_objects (key, remove_at) VALUES ($1, clock_timestamp())',
        values: [key],
      });
      await objects.put(key, Buffer.from('left by a crash'));
      await db.execute({ text: 'DELETE FROM spills WHERE id = $1', values: [kept.id] });
      await db.execute({ text: 'DELETE FROM spills WHERE id = $1', values: [shared.id] });
      await using remover = new ObjectRemover({ db, objects, logger });
      remover.start();
      await remover.idle();
      expect(readdirSync(folder())).toEqual(expect.arrayContaining([kept.id, shared.id]));
      expect(readdirSync(folder())).not.toContain(orphan.id);
      await db.execute(
        `UPDATE stored_objects SET remove_at = clock_timestamp() - interval '1 s' WHERE remove_at IS NOT NULL`,
      );
      remover.nudge();
      await remover.idle();
      expect(readdirSync(folder())).toContain(shared.id);
      expect(readdirSync(folder())).not.toContain(kept.id);
    });

    test('that are lost are told of by name, and so is a storage that is away or refuses', async () => {
      const { db } = database;
      const given = spill();
      const of = { runId, id: given.id, offset: 0, length: 10 };
      await writeSpill({ db, objects }, given);
      const wrongKey = openS3({ ...server.settings, secretAccessKey: 'another' });
      await expect(readSpill({ db, objects: wrongKey }, of)).rejects.toThrow(
        'cannot be read now: The object storage answered 403 (SignatureDoesNotMatch).',
      );
      await expect(readSpill({ db }, of)).rejects.toThrow('set SIGNALBOX_S3_BUCKET as it was');
      rmSync(join(folder(), given.id));
      await expect(readSpill({ db, objects }, of)).rejects.toThrow(
        `Output ${given.id} was lost: its object is not in the storage any more.`,
      );
      const away = openS3({ ...server.settings, endpoint: 'http://127.0.0.1:9' });
      await expect(readSpill({ db, objects: away }, of)).rejects.toThrow('cannot be reached');
      // What is written meanwhile is kept by the database, and read from there.
      const later = spill();
      await writeSpill({ db, objects: away }, later);
      const slice = await readSpill({ db, objects }, { ...of, id: later.id });
      expect(slice?.text).toBe('äääää');
    });
  },
);
