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

export type ChainAction = ToolAction | ExtractAction | ConditionAction | RespondAction;

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

/** Whether text has braces that are no placeholder. */
export function hasBrokenPlaceholder(template: unknown): boolean {
  if (typeof template === 'string') return /\{\{|\}\}/.test(template.replace(placeholder, ''));
  if (Array.isArray(template)) return template.some(hasBrokenPlaceholder);
  return isObject(template) && Object.values(template).some(hasBrokenPlaceholder);
}

export type Filled =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly missing: string };

/**
 * The template with its values. Text that is one placeholder becomes the value itself, and its field is left out
 * where there is none; inside other text a value that is not there is a failure, since a hole would be read as text.
 */
export function fillTemplate(template: unknown, values: unknown): Filled {
  if (typeof template === 'string') {
    const whole = onePlaceholder.exec(template)?.[1];
    if (whole !== undefined) return { ok: true, value: valueAtPath(values, whole.split('.')) };
    return fillText(template, values);
  }
  if (Array.isArray(template)) {
    const items: unknown[] = [];
    for (const item of template) {
      const filled = fillTemplate(item, values);
      if (!filled.ok) return filled;
      if (filled.value !== undefined) items.push(filled.value);
    }
    return { ok: true, value: items };
  }
  if (!isObject(template)) return { ok: true, value: template };
  const fields: [string, unknown][] = [];
  for (const [name, value] of Object.entries(template)) {
    const filled = fillTemplate(value, values);
    if (!filled.ok) return filled;
    if (filled.value !== undefined) fields.push([name, filled.value]);
  }
  return { ok: true, value: Object.fromEntries(fields) };
}

function fillText(text: string, values: unknown): Filled {
  let missing: string | null = null;
  const value = text.replace(placeholder, (_, path: string) => {
    const found = valueAtPath(values, path.split('.'));
    if (found === undefined || found === null) missing ??= path;
    return typeof found === 'string' ? found : JSON.stringify(found ?? null);
  });
  return missing === null ? { ok: true, value } : { ok: false, missing };
}
