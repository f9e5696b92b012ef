import type { ApiCredential } from '../../core/http-credential.ts';
import { isObject } from '../../core/is-object.ts';
import { standardHeaders } from '../../core/standard-webhooks.ts';
import type { OpenApiSource } from '../../core/tool-source.ts';
import { DocumentProblem, type Json, type Resolver, shown } from './document.ts';

// Who the API wants us to be: schemes of the document, and the credentials that people stored for them.

export type Credentials = Readonly<Record<string, ApiCredential>>;

/** The document's security schemes by name. Throws `DocumentProblem`. */
export function securitySchemes(document: Json, resolver: Resolver): ReadonlyMap<string, Json> {
  const components = isObject(document.components) ? document.components : {};
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {};
  return new Map(
    Object.entries(schemes).map(([name, scheme]) => [
      name,
      resolver.object(scheme, `components.securitySchemes.${name}`),
    ]),
  );
}

/** What is wrong with a credential for the scheme, to be read after the field's name; null when it fits. */
export function credentialProblem(
  schemes: ReadonlyMap<string, Json>,
  name: string,
  credential: ApiCredential,
): string | null {
  const scheme = schemes.get(name);
  if (scheme === undefined) {
    const known = [...schemes.keys()].slice(0, 20).join(', ') || 'none';
    return `is no security scheme of the document; its schemes are: ${known}`;
  }
  const wanted = wantedType(scheme);
  if (wanted === null)
    return 'is a scheme that cannot be used here: cookies and client certificates';
  if (wanted !== credential.type) return `must be of type "${wanted}", as the document says`;
  if (credential.type !== 'header' && credential.type !== 'query') return null;
  const isNamed =
    credential.type === 'header'
      ? String(scheme.name).toLowerCase() === credential.name.toLowerCase()
      : scheme.name === credential.name;
  return isNamed ? null : `must have the name ${shown(scheme.name)}, as the document says`;
}

function isSignature(name: unknown): boolean {
  return String(name).toLowerCase() === standardHeaders.signature;
}

function wantedType(scheme: Json): ApiCredential['type'] | null {
  switch (scheme.type) {
    case 'http':
      return String(scheme.scheme).toLowerCase() === 'basic' ? 'basic' : 'bearer';
    case 'oauth2':
    case 'openIdConnect':
      return 'bearer';
    case 'apiKey':
      if (scheme.in === 'header' && isSignature(scheme.name)) return 'standard_webhooks';
      return scheme.in === 'header' || scheme.in === 'query' ? scheme.in : null;
    default:
      return null;
  }
}

/** Alternatives of schemes. Throws `DocumentProblem` for one that the document does not have. */
export function readSecurity(
  security: unknown,
  at: string,
  schemes: ReadonlyMap<string, Json>,
): readonly (readonly string[])[] {
  if (!Array.isArray(security)) throw new DocumentProblem(at, 'must be a list');
  return security.map((one, i) => {
    if (!isObject(one)) throw new DocumentProblem(`${at}[${i}]`, 'must be an object');
    const names = Object.keys(one);
    const unknown = names.find((name) => !schemes.has(name));
    if (unknown === undefined) return names;
    throw new DocumentProblem(`${at}[${i}].${unknown}`, 'is not in components.securitySchemes');
  });
}

/** The credentials that an operation's requests carry; or the schemes of which one is missing. */
export function chooseCredentials(
  security: readonly (readonly string[])[],
  credentials: Credentials,
): { readonly chosen: readonly ApiCredential[] } | { readonly missing: readonly string[] } {
  const isStored = (name: string) => Object.hasOwn(credentials, name);
  const possible = security.filter((names) => names.every(isStored));
  // One that says who we are goes before one that says nothing.
  const names = possible.find(({ length }) => length > 0) ?? possible[0];
  if (names === undefined && security.length > 0) {
    return { missing: (security[0] ?? []).filter((name) => !isStored(name)) };
  }
  return {
    chosen: (names ?? []).flatMap((name) => {
      const credential = credentials[name];
      return credential === undefined ? [] : [credential];
    }),
  };
}

/** Schemes without a credential that operations of the source need. */
export function missingCredentials(source: OpenApiSource): readonly string[] {
  const missing = source.tools.flatMap(({ operation }) => {
    const found = chooseCredentials(operation?.security ?? [], source.config.credentials);
    return 'missing' in found ? found.missing : [];
  });
  return [...new Set(missing)];
}
