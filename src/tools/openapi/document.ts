import { isObject } from '../../core/is-object.ts';
import { refusal } from '../../core/validate.ts';
import { readYaml } from './read-yaml.ts';
import { mostInPlace, readYamlAside } from './read-yaml-aside.ts';

// An OpenAPI document as somebody wrote it: read within bounds, and followed only inside itself. A reference
// that leaves the document is refused and never fetched.

export type Json = Readonly<Record<string, unknown>>;

export const maxDocumentChars = 1_048_576;
const maxHops = 16;

/** What is wrong with the document, and where in it. */
export class DocumentProblem extends Error {
  readonly at: string;

  constructor(at: string, problem: string) {
    super(problem);
    this.at = at;
  }
}

/** Runs a reader of documents; what it finds wrong becomes the caller's `validation_error`. */
export function naming<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw named(error);
  }
}

function named(error: unknown): unknown {
  if (!(error instanceof DocumentProblem)) return error;
  const field = error.at === '' ? 'document' : `document.${error.at}`;
  return refusal(new Map([[field.slice(0, 500).toWellFormed(), error.message]]));
}

/** The document of version 3.0 or 3.1, in JSON or YAML. Throws `validation_error`. */
export async function readDocument(text: string): Promise<Json> {
  try {
    return await read(text);
  } catch (error) {
    throw named(error);
  }
}

async function read(text: string): Promise<Json> {
  if (text.length > maxDocumentChars) {
    throw new DocumentProblem('', `must have at most ${maxDocumentChars} characters`);
  }
  const document = await parse(text);
  if (!isObject(document)) throw new DocumentProblem('', 'must be an OpenAPI document, an object');
  const { openapi } = document;
  if (typeof openapi !== 'string' || !/^3\.[01]\.\d+(?:-.*)?$/.test(openapi)) {
    const found =
      'swagger' in document ? 'convert it from Swagger 2 first' : `it is ${shown(openapi)}`;
    throw new DocumentProblem('openapi', `must be a version 3.0.x or 3.1.x; ${found}`);
  }
  if (!isObject(document.paths)) throw new DocumentProblem('paths', 'must be an object');
  return document;
}

async function parse(text: string): Promise<unknown> {
  const isJson = /^\s*\{/.test(text);
  try {
    if (isJson) return JSON.parse(text);
    return text.length <= mostInPlace ? readYaml(text) : await readYamlAside(text);
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const kind = isJson ? 'JSON' : 'YAML';
    throw new DocumentProblem(
      '',
      `cannot be read as ${kind}: ${reason.slice(0, 300).toWellFormed()}`,
    );
  }
}

export interface Resolver {
  /** The object, after all its references. Throws `DocumentProblem`. */
  object(value: unknown, at: string): Json;
  /** What the reference leads to, one hop. Throws `DocumentProblem`. */
  follow(ref: unknown, at: string): unknown;
}

export function createResolver(document: Json): Resolver {
  const follow = (ref: unknown, at: string): unknown => {
    if (typeof ref !== 'string' || !/^#(?:\/|$)/.test(ref)) {
      throw new DocumentProblem(
        `${at}.$ref`,
        `must lead to a place in the document, such as "#/components/schemas/Pet"; ${shown(ref)} is not followed`,
      );
    }
    let value: unknown = document;
    for (const part of ref.split('/').slice(1)) {
      const key = decoded(part);
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
        throw new DocumentProblem(`${at}.$ref`, `leads nowhere: there is no ${shown(ref)}`);
      }
      value = (value as Json)[key];
    }
    return value;
  };
  return {
    follow,
    object: (given, at) => {
      let value = given;
      for (let hops = 0; isObject(value) && value.$ref !== undefined; hops++) {
        if (hops === maxHops) {
          throw new DocumentProblem(`${at}.$ref`, `leads over more than ${maxHops} references`);
        }
        value = follow(value.$ref, at);
      }
      if (!isObject(value)) throw new DocumentProblem(at, 'must be an object');
      return value;
    },
  };
}

/** A part of a JSON pointer (RFC 6901) in a fragment. */
function decoded(part: string): string {
  let plain = part;
  try {
    plain = decodeURIComponent(part);
  } catch {
    // As it is written, then.
  }
  return plain.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A value of the document in a message. */
export function shown(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? 'an object' : String(value);
  return typeof value === 'string' ? JSON.stringify(text.slice(0, 200)) : text.slice(0, 200);
}
