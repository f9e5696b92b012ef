import type { ToolParameter } from '../../core/custom-tool.ts';

// JSDoc's (and TypeScript's) type expressions, as far as parameters can say them.

/** The type has no counterpart in the subset; the message is read after the parameter's name. */
export class UnmappedType extends Error {}

const usable = 'string, number, integer, boolean, X[], {a: X}, Object, and unions of literals';
const maxDepth = 10;
const maxTypeLength = 2_000;

const named: Readonly<Record<string, ToolParameter>> = {
  string: { type: 'string' },
  number: { type: 'number' },
  float: { type: 'number' },
  integer: { type: 'integer' },
  int: { type: 'integer' },
  boolean: { type: 'boolean' },
  bool: { type: 'boolean' },
  array: { type: 'array' },
  object: { type: 'object' },
};

const tokens = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?|[\w$]+|\.\.\.|\[\]|\S/g;

/** What the expression says, without `required`. Throws `UnmappedType`. */
export function readJsdocType(text: string): ToolParameter {
  if (text.length > maxTypeLength) throw new UnmappedType('has a type that is too long to be read');
  const reader = new TypeReader(text);
  const type = reader.union(0);
  reader.end();
  return type;
}

class TypeReader {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    // `=` and `?` around a type only say that it may be left out, or null.
    this.#tokens = text.replace(/=\s*$/, '').match(tokens) ?? [];
  }

  union(depth: number): ToolParameter {
    if (depth > maxDepth) throw new UnmappedType('has a type that is nested too deep');
    const kinds: ToolParameter[] = [];
    this.#skip('|');
    do {
      const kind = this.#postfixed(depth);
      if (kind !== null) kinds.push(kind);
    } while (this.#skip('|'));
    return this.#oneOf(kinds);
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#unmapped();
  }

  #oneOf(kinds: readonly ToolParameter[]): ToolParameter {
    const [first] = kinds;
    if (first === undefined) throw this.#unmapped();
    if (kinds.length === 1) return first;
    const isOneType = kinds.every(({ type }) => type === first.type);
    if (isOneType && kinds.every((kind) => kind.enum !== undefined)) {
      return { type: first.type, enum: kinds.flatMap((kind) => kind.enum ?? []) };
    }
    if (kinds.every((kind) => JSON.stringify(kind) === JSON.stringify(first))) return first;
    throw new UnmappedType(
      `can be of several types (${this.#text.slice(0, 100)}), which parameters cannot say`,
    );
  }

  /** Null for `null` and `undefined`. */
  #postfixed(depth: number): ToolParameter | null {
    while (this.#skip('?') || this.#skip('!')) {}
    let kind = this.#single(depth);
    while (this.#skip('[]')) {
      if (kind === null) throw this.#unmapped();
      kind = { type: 'array', items: kind };
    }
    while (this.#skip('?') || this.#skip('!')) {}
    return kind;
  }

  #single(depth: number): ToolParameter | null {
    const token = this.#next();
    if (token === '(') return this.#closed(this.union(depth + 1), ')');
    if (token === '{') return this.#object(depth);
    if (/^["']/.test(token)) return { type: 'string', enum: [unquoted(token)] };
    if (/^-?\d/.test(token)) return numberLiteral(Number(token));
    if (token === 'true' || token === 'false') return { type: 'boolean', enum: [token === 'true'] };
    if (token === 'null' || token === 'undefined') return null;
    if (/^(?:Array|ReadonlyArray)$/.test(token)) return this.#array(depth);
    if (/^(?:Object|Record|object)$/.test(token) && this.#peek() !== undefined) {
      return this.#mapped(depth);
    }
    const known = Object.hasOwn(named, token.toLowerCase())
      ? named[token.toLowerCase()]
      : undefined;
    if (known === undefined) throw this.#unmapped();
    return known;
  }

  #array(depth: number): ToolParameter {
    this.#skip('.');
    if (!this.#skip('<')) return { type: 'array' };
    return { type: 'array', items: this.#closed(this.union(depth + 1), '>') };
  }

  /** `Record<string, X>`: the subset has no word for what all members are. */
  #mapped(depth: number): ToolParameter {
    this.#skip('.');
    if (!this.#skip('<')) return { type: 'object' };
    this.union(depth + 1);
    if (this.#skip(',')) this.#skipValue(depth);
    return this.#closed({ type: 'object' }, '>');
  }

  #skipValue(depth: number): void {
    if (this.#peek() === '*' || this.#peek() === 'any' || this.#peek() === 'unknown') this.#next();
    else this.union(depth + 1);
  }

  #object(depth: number): ToolParameter {
    const properties: Record<string, ToolParameter> = {};
    while (!this.#skip('}')) {
      const token = this.#next();
      const name = /^["']/.test(token) ? unquoted(token) : token;
      const isOptional = this.#skip('?');
      if (!/^[\w$.-]+$/.test(name) || name === '__proto__' || !this.#skip(':'))
        throw this.#unmapped();
      const type = this.union(depth + 1);
      properties[name] = isOptional ? type : { ...type, required: true };
      if (!this.#skip(',')) this.#skip(';');
    }
    return { type: 'object', properties };
  }

  #closed(kind: ToolParameter, by: string): ToolParameter {
    if (!this.#skip(by)) throw this.#unmapped();
    return kind;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#unmapped();
    this.#at += 1;
    return token;
  }

  #skip(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #unmapped(): UnmappedType {
    const text = this.#text.trim().slice(0, 100);
    return new UnmappedType(
      `has the type {${text}}, which has no counterpart in JSON here; usable are ${usable}`,
    );
  }
}

function numberLiteral(value: number): ToolParameter {
  return { type: Number.isInteger(value) ? 'integer' : 'number', enum: [value] };
}

function unquoted(token: string): string {
  return token.slice(1, -1).replace(/\\(.)/g, '$1');
}
