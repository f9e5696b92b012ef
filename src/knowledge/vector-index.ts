import type { Queryable } from '../store/connect.ts';
import { vectorRevision, vectorsSince } from '../store/kb-vectors.ts';

// The vectors of workspaces in memory, for search by likeness: exact, and within a bound. A workspace is read
// when it is first asked and brought up to date by every question; what was not asked for longest makes room.
// A workspace that is larger than the bound is not kept: search then ranks what words found.

export interface Nearest {
  readonly no: number;
  /** Cosine. */
  readonly similarity: number;
}

interface Loaded {
  readonly model: string;
  dimensions: number;
  revision: number;
  count: number;
  nos: Int32Array;
  scales: Float32Array;
  /** Row after row. */
  values: Int8Array;
  readonly rowOf: Map<number, number>;
  /** What brings it up to date goes one after another. */
  updating: Promise<void>;
}

const pageSize = 2_000;
/** Rows between two turns of others. */
const rowsAtOnce = 4_096;

export class VectorIndex {
  readonly #maxBytes: number;
  readonly #spaces = new Map<string, Loaded>();

  /** `maxBytes`: of all vectors in memory. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    let sum = 0;
    for (const { values } of this.#spaces.values()) sum += values.byteLength;
    return sum;
  }

  /**
   * The chunks nearest to the question, among `allowed` where it is given. Null: the workspace has more vectors
   * than may be kept.
   */
  async nearest(
    db: Queryable,
    request: {
      readonly workspaceId: string;
      readonly model: string;
      readonly query: Float32Array;
      readonly allowed: ReadonlySet<number> | null;
      readonly limit: number;
    },
  ): Promise<readonly Nearest[] | null> {
    const space = await this.#current(db, request.workspaceId, request.model);
    if (space === null) return null;
    return await scan(space, request);
  }

  async #current(db: Queryable, workspaceId: string, model: string): Promise<Loaded | null> {
    const { revision, count } = await vectorRevision(db, workspaceId, model);
    let space = this.#spaces.get(workspaceId);
    // Rows of chunks that are gone are only left out by beginning anew.
    const isStale = space !== undefined && space.count > 1_000 && space.count > 2 * count;
    if (space === undefined || space.model !== model || isStale) space = emptySpace(model);
    this.#spaces.delete(workspaceId);
    this.#spaces.set(workspaceId, space);
    if (space.revision < revision) {
      const loading = space;
      loading.updating = loading.updating
        .catch(() => undefined)
        .then(() => this.#update(db, loading, { workspaceId, revision }));
      await loading.updating;
    }
    if (space.values.byteLength > this.#maxBytes) {
      this.#spaces.delete(workspaceId);
      return null;
    }
    for (const key of this.#spaces.keys()) {
      if (this.bytes <= this.#maxBytes || key === workspaceId) break;
      this.#spaces.delete(key);
    }
    return space;
  }

  async #update(
    db: Queryable,
    space: Loaded,
    to: { readonly workspaceId: string; readonly revision: number },
  ): Promise<void> {
    if (space.revision >= to.revision) return;
    const { model } = space;
    let afterNo = 0;
    for (;;) {
      const rows = await vectorsSince(db, {
        workspaceId: to.workspaceId,
        model,
        since: space.revision,
        afterNo,
        limit: pageSize,
      });
      for (const { no, vector } of rows) put(space, no, vector);
      const last = rows.at(-1);
      if (rows.length < pageSize || last === undefined) break;
      if (space.values.byteLength > this.#maxBytes) break;
      afterNo = last.no;
    }
    space.revision = to.revision;
  }
}

function emptySpace(model: string): Loaded {
  return {
    model,
    dimensions: 0,
    revision: 0,
    count: 0,
    nos: new Int32Array(0),
    scales: new Float32Array(0),
    values: new Int8Array(0),
    rowOf: new Map(),
    updating: Promise.resolve(),
  };
}

function put(space: Loaded, no: number, vector: Buffer): void {
  if (space.dimensions === 0) space.dimensions = vector.length - 4;
  // A model that changed its size under the same name: such vectors are like nothing.
  if (vector.length - 4 !== space.dimensions) return;
  const row = space.rowOf.get(no) ?? space.count;
  if (row === space.count) {
    if (space.count === space.nos.length) grow(space);
    space.rowOf.set(no, row);
    space.nos[row] = no;
    space.count += 1;
  }
  space.scales[row] = vector.readFloatLE(0);
  space.values.set(
    new Int8Array(vector.buffer, vector.byteOffset + 4, space.dimensions),
    row * space.dimensions,
  );
}

function grow(space: Loaded): void {
  const rows = Math.max(1_024, Math.ceil(space.nos.length * 1.5));
  const grown = {
    nos: new Int32Array(rows),
    scales: new Float32Array(rows),
    values: new Int8Array(rows * space.dimensions),
  };
  grown.nos.set(space.nos);
  grown.scales.set(space.scales);
  grown.values.set(space.values);
  Object.assign(space, grown);
}

async function scan(
  space: Loaded,
  request: {
    readonly query: Float32Array;
    readonly allowed: ReadonlySet<number> | null;
    readonly limit: number;
  },
): Promise<readonly Nearest[]> {
  const { allowed, limit, query } = request;
  const { dimensions, count, nos, scales, values } = space;
  if (query.length !== dimensions) return [];
  const best: Nearest[] = [];
  let worst = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < count; row++) {
    if (row % rowsAtOnce === rowsAtOnce - 1) await new Promise((next) => setImmediate(next));
    const no = nos[row] ?? 0;
    if (allowed !== null && !allowed.has(no)) continue;
    let dot = 0;
    const from = row * dimensions;
    for (let at = 0; at < dimensions; at++) dot += (query[at] ?? 0) * (values[from + at] ?? 0);
    const similarity = dot * (scales[row] ?? 0);
    if (best.length === limit && similarity <= worst) continue;
    best.push({ no, similarity });
    best.sort((a, b) => b.similarity - a.similarity || a.no - b.no);
    if (best.length > limit) best.pop();
    if (best.length === limit) worst = best.at(-1)?.similarity ?? worst;
  }
  return best;
}
