import type { Base } from './base.ts';
import {
  type Folder,
  hasAllFields,
  hashOf,
  isSame,
  kinds,
  type PlacedObject,
  type ServerObject,
} from './objects.ts';

// Folder, server, and what they last agreed on, held against one another field by field: pure.

export type FieldState =
  /** Changed here and not there. */
  | 'mine'
  /** Changed there and not here. */
  | 'theirs'
  /** Changed on both sides, to different values; or nobody knows. */
  | 'both';

export interface FieldChange {
  readonly field: string;
  readonly state: FieldState;
  readonly here: unknown;
  readonly there: unknown;
}

export type Comparison = { readonly key: string } & (
  | { readonly kind: 'same'; readonly here: PlacedObject; readonly there: ServerObject }
  | {
      readonly kind: 'changed';
      readonly here: PlacedObject;
      readonly there: ServerObject;
      readonly fields: readonly FieldChange[];
    }
  /** `wasThere`: it was on the server when they last met, and somebody took it away. */
  | { readonly kind: 'only_here'; readonly here: PlacedObject; readonly wasThere: boolean }
  /** `wasHere`: it was taken away here; `isChanged`: and changed there meanwhile. */
  | {
      readonly kind: 'only_there';
      readonly there: ServerObject;
      readonly wasHere: boolean;
      readonly isChanged: boolean;
    }
);

/** Every object of either side, in the order in which they can be written. */
export function compare(given: {
  readonly folder: Folder;
  readonly server: ReadonlyMap<string, ServerObject>;
  readonly base: Base;
}): readonly Comparison[] {
  const keys = [...new Set([...given.folder.keys(), ...given.server.keys()])];
  const order = (key: string) => kinds.findIndex((kind) => key.startsWith(`${kind} `));
  return keys
    .toSorted((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
    .map((key) => compareOne(key, given));
}

function compareOne(key: string, given: Parameters<typeof compare>[0]): Comparison {
  const here = given.folder.get(key);
  const there = given.server.get(key);
  const base = given.base[key];
  if (here !== undefined && there !== undefined) {
    const fields = changesOf(here, there, base);
    return fields.length === 0
      ? { key, kind: 'same', here, there }
      : { key, kind: 'changed', here, there, fields };
  }
  if (here !== undefined) return { key, kind: 'only_here', here, wasThere: base !== undefined };
  if (there === undefined) throw new Error(`${key} is on neither side.`);
  const isChanged =
    base !== undefined &&
    Object.entries(there.fields).some(([name, value]) => base[name] !== hashOf(value));
  return { key, kind: 'only_there', there, wasHere: base !== undefined, isChanged };
}

/** A field that a file does not have is none of the file's business, unless it has them all. */
function changesOf(
  { kind, fields: here }: PlacedObject,
  { fields: there }: ServerObject,
  base: Base[string] | undefined,
): FieldChange[] {
  const isWhole = hasAllFields(kind);
  const names = isWhole ? { ...there, ...here } : here;
  const agreed = (field: string) =>
    base === undefined || field in base || !isWhole ? base?.[field] : hashOf(undefined);
  return Object.keys(names)
    .filter((field) => !isSame(here[field], there[field]))
    .map((field) => ({
      field,
      state: stateOf(agreed(field), { here: here[field], there: there[field] }),
      here: here[field],
      there: there[field],
    }));
}

function stateOf(
  base: string | undefined,
  now: { readonly here: unknown; readonly there: unknown },
): FieldState {
  if (base === undefined) return 'both';
  if (hashOf(now.there) === base) return 'mine';
  return hashOf(now.here) === base ? 'theirs' : 'both';
}
