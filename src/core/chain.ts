import type { Disposition } from './disposition.ts';
import type { FilterComparison } from './filter.ts';
import { isObject } from './is-object.ts';
import type { OutputField } from './output-field.ts';
import { valueAtPath } from './payload-path.ts';

// A chain: what runs of an agent do, in order, where no model decides it. Inputs are templates over what the run was
// given and what earlier actions gave; a value that is put in is never read as a template again.

interface ActionBase {
  /** Unique in its chain; later actions read what it gave as `actions.ID`. */
  readonly id: string;
}

export interface ToolAction extends ActionBase {
  readonly type: 'tool';
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly on_error: 'fail' | 'continue';
}

/** Looks records up. What it is narrowed by has to be there, or it would find others. */
export interface FindAction extends ActionBase {
  readonly type: 'find';
  readonly kind: string;
  /** What its source calls it. */
  readonly external_id: string | null;
  /** By field that the kind is filtered by; text may be a template. */
  readonly where: Readonly<Record<string, string | number | boolean>>;
  /** ISO 8601 or a template, by what the kind is ordered by: not before, and before. */
  readonly from: string | null;
  readonly to: string | null;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly on_error: 'fail' | 'continue';
}

/** A model reads what the instructions say, and fills the fields. */
export interface ExtractAction extends ActionBase {
  readonly type: 'extract';
  readonly instructions: string;
  readonly fields: readonly OutputField[];
}

/** All comparisons have to hold; else the run ends, or goes on at a later action. */
export interface ConditionAction extends ActionBase {
  readonly type: 'condition';
  readonly all: readonly FilterComparison[];
  readonly otherwise: string | null;
}

/** Ends the run. */
export interface RespondAction extends ActionBase {
  readonly type: 'respond';
  readonly response: string | null;
  readonly disposition: Disposition;
  readonly output: Readonly<Record<string, unknown>> | null;
}

export type ChainAction = ToolAction | FindAction | ExtractAction | ConditionAction | RespondAction;

const placeholder = /\{\{\s*([^\s{}]+)\s*\}\}/g;
const onePlaceholder = /^\{\{\s*([^\s{}]+)\s*\}\}$/;

/** The paths that a template names, wherever in it they stand. */
export function pathsIn(template: unknown): string[] {
  if (typeof template === 'string') {
    return [...template.matchAll(placeholder)].map(([, path]) => path ?? '');
  }
  if (Array.isArray(template)) return template.flatMap(pathsIn);
  return isObject(template) ? Object.values(template).flatMap(pathsIn) : [];
}

/** Whether text has braces that are no placeholder. Names of fields are no templates: there braces would stay. */
export function hasBrokenPlaceholder(template: unknown): boolean {
  if (typeof template === 'string') return hasBraces(template.replace(placeholder, ''));
  if (Array.isArray(template)) return template.some(hasBrokenPlaceholder);
  if (!isObject(template)) return false;
  return Object.entries(template).some(
    ([name, value]) => hasBraces(name) || hasBrokenPlaceholder(value),
  );
}

function hasBraces(text: string): boolean {
  return /\{\{|\}\}/.test(text);
}

export type Filled =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

/** Characters of JSON that a template may become: one that repeats a large value is refused before it is made. */
export const filledMaximum = 1_048_576;

/**
 * The template with its values. Text that is one placeholder becomes the value itself, and its field is left out
 * where there is none; inside other text a value that is not there is a problem, since a hole would be read as text.
 */
export function fillTemplate(template: unknown, values: unknown): Filled {
  const filling: Filling = { values, left: filledMaximum };
  try {
    return { ok: true, value: filled(template, filling) };
  } catch (error) {
    if (error instanceof Unfillable) return { ok: false, problem: error.message };
    throw error;
  }
}

/** What a find asks the tool for, filled. */
export function fillFind(action: FindAction, values: unknown): Filled {
  const { kind, external_id: externalId, where, from, to, order, limit } = action;
  const given = Object.entries({ external_id: externalId, from, to });
  const named = Object.fromEntries(given.filter(([, value]) => value !== null));
  const narrowed = { ...named, where };
  const missing = pathsIn(narrowed).find(
    (path) => (valueAtPath(values, path.split('.')) ?? null) === null,
  );
  if (missing !== undefined) return { ok: false, problem: `names ${missing}, which is not there` };
  const filled = fillTemplate(narrowed, values);
  if (!filled.ok) return filled;
  const fields = filled.value as Readonly<Record<string, unknown>>;
  const id = fields.external_id;
  // Its source's numbers are text to us.
  const text = typeof id === 'number' ? { external_id: String(id) } : {};
  return { ok: true, value: { kind, ...fields, ...text, order, limit } };
}

interface Filling {
  readonly values: unknown;
  /** Characters that may still be put in. */
  left: number;
}

class Unfillable extends Error {}

function filled(template: unknown, filling: Filling): unknown {
  if (typeof template === 'string') {
    const whole = onePlaceholder.exec(template)?.[1];
    return whole === undefined ? filledText(template, filling) : valueFor(whole, filling).value;
  }
  if (Array.isArray(template)) {
    return template.map((item) => filled(item, filling)).filter((item) => item !== undefined);
  }
  if (!isObject(template)) return template;
  const fields = Object.entries(template).map(([name, value]) => [name, filled(value, filling)]);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

function filledText(text: string, filling: Filling): string {
  return text.replace(placeholder, (_, path: string) => {
    const { value, json } = valueFor(path, filling);
    if (value === undefined || value === null) {
      throw new Unfillable(`names ${path}, which is not there`);
    }
    return typeof value === 'string' ? value : json;
  });
}

function valueFor(path: string, filling: Filling) {
  const value = valueAtPath(filling.values, path.split('.'));
  const json = value === undefined ? '' : JSON.stringify(value);
  filling.left -= json.length;
  if (filling.left < 0) {
    throw new Unfillable(`becomes larger than ${filledMaximum} characters by ${path}`);
  }
  return { value, json };
}
