import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sealingCodec } from '../../engines/temporal/src/codec.ts';

const payload = {
  metadata: { encoding: new Uint8Array(Buffer.from('json/plain')) },
  data: new Uint8Array(Buffer.from('{"runId":"run_1"}')),
};

describe('what goes into a history', () => {
  test('is sealed, and opened again under a former key too', async () => {
    const [old, current] = [randomBytes(32), randomBytes(32)];
    const sealed = await sealingCodec([old]).encode([payload, payload]);
    const bytes = sealed.map(({ data }) => Buffer.from(data ?? []));
    expect(bytes.some((each) => each.includes('run_1'))).toBe(false);
    expect(bytes[0]?.equals(bytes[1] ?? Buffer.of())).toBe(false);
    expect(await sealingCodec([current, old]).decode(sealed)).toEqual([payload, payload]);
  });

  test('is refused when it was changed, cut off, or sealed with another key', async () => {
    const codec = sealingCodec([randomBytes(32)]);
    const [sealed] = await codec.encode([payload]);
    const data = Buffer.from(sealed?.data ?? []);
    const changed = Buffer.from(data);
    changed[20] = (changed[20] ?? 0) ^ 1;
    const { metadata } = sealed ?? {};
    for (const bytes of [changed, data.subarray(0, 20), data.subarray(0, -1)]) {
      await expect(codec.decode([{ metadata: metadata ?? {}, data: bytes }])).rejects.toThrow();
    }
    const other = sealingCodec([randomBytes(32)]);
    await expect(other.decode([{ ...sealed }])).rejects.toThrow('a key that this server');
  });

  test('is left as it is when nobody sealed it', async () => {
    expect(await sealingCodec([randomBytes(32)]).decode([payload])).toEqual([payload]);
  });
});
