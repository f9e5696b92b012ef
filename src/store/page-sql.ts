import type { PageRequest } from '../core/page.ts';
import type { WorkspaceScope } from '../core/workspace-scope.ts';

// Statements of lists carry no name: planned with their values, a condition that does not apply
// costs nothing, and the index by workspace and age is used.

/**
 * The scope as the value of `inScopeSql`, for statements of single rows, which are prepared once:
 * null is everything.
 */
export function scopeValue(scope: WorkspaceScope): readonly string[] | null {
  return scope === 'all' ? null : scope;
}

/** The condition that goes with `scopeValue`. Both parts are trusted text. */
export function inScopeSql(column: string, placeholder: string): string {
  return `(${placeholder}::text[] IS NULL OR ${column} = ANY (${placeholder}))`;
}

/** By which time, then id, a list is ordered. */
export interface PageOrder {
  readonly at: string;
  readonly id: string;
  readonly order: 'asc' | 'desc';
}

/** Text for the right side of ILIKE: what contains it. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Conditions and their values, in step. */
export class Conditions {
  readonly values: unknown[] = [];
  readonly #parts: string[] = [];

  /** Adds the condition that `sql` makes of the value's placeholder. */
  add(value: unknown, sql: (placeholder: string) => string): this {
    this.values.push(value);
    this.#parts.push(sql(`$${this.values.length}`));
    return this;
  }

  /** The placeholder of a value that conditions name by themselves. */
  place(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  /** Rows of workspaces in the scope. `column` is trusted text. */
  inScope(scope: WorkspaceScope, column: string): this {
    if (scope === 'all') return this;
    const only = scope.length === 1 ? scope[0] : undefined;
    return only === undefined
      ? this.add(scope, (placeholder) => `${column} = ANY(${placeholder})`)
      : this.add(only, (placeholder) => `${column} = ${placeholder}`);
  }

  /** `WHERE …`, or nothing. */
  where(...fixed: string[]): string {
    const parts = [...fixed, ...this.#parts];
    return parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`;
  }

  /** Rows after the page's position, newest first, and one more than fit. Comes last. */
  pageOf(page: PageRequest, fixed: string[] = [], table = ''): string {
    const prefix = table === '' ? '' : `${table}.`;
    const by = { at: `${prefix}created_at`, id: `${prefix}id`, order: 'desc' } as const;
    return this.orderedPageOf(page, by, fixed);
  }

  /**
   * The statement of a page, newest first, of rows of which one of the branches holds, never two for a row; none:
   * of all. Each is planned on its own, which no OR is.
   */
  pageOver(over: {
    readonly from: string;
    /** By which the conditions name the table. */
    readonly alias: string;
    readonly page: PageRequest;
    readonly fixed: readonly string[];
    readonly branches: readonly string[];
  }): string {
    const { from, alias, page, fixed, branches } = over;
    const select = `SELECT ${alias}.* FROM ${from} ${alias}`;
    if (branches.length < 2) {
      return `${select} ${this.pageOf(page, [...fixed, ...branches], alias)}`;
    }
    const [values, parts] = [this.values.length, this.#parts.length];
    const each = branches.map((branch) => {
      // Every branch names the same values.
      this.values.length = values;
      this.#parts.length = parts;
      return `(${select} ${this.pageOf(page, [...fixed, branch], alias)})`;
    });
    const limit = `$${this.values.length}`;
    return `SELECT * FROM (${each.join(' UNION ALL ')}) p ORDER BY p.created_at DESC, p.id DESC LIMIT ${limit}`;
  }

  /** The same by another time, in either direction. `at` and `id` are trusted text. */
  orderedPageOf(page: PageRequest, by: PageOrder, fixed: string[] = []): string {
    if (page.after !== null) {
      this.values.push(page.after.createdAt, page.after.id);
      const at = this.values.length;
      const sign = by.order === 'desc' ? '<' : '>';
      this.#parts.push(`(${by.at}, ${by.id}) ${sign} ($${at - 1}, $${at})`);
    }
    const where = this.where(...fixed);
    this.values.push(page.limit + 1);
    const { order } = by;
    return `${where} ORDER BY ${by.at} ${order}, ${by.id} ${order} LIMIT $${this.values.length}`;
  }
}
