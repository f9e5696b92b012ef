// A credential that people attach to a host: it names secrets of the workspace and never holds their values,
// and no model ever sees either.

export type HttpCredential =
  /** `Authorization: Bearer …` */
  | { readonly type: 'bearer'; readonly secret: string }
  | { readonly type: 'header'; readonly name: string; readonly secret: string }
  | { readonly type: 'query'; readonly name: string; readonly secret: string }
  | { readonly type: 'basic'; readonly username: string; readonly secret: string };

/** What goes with a request to an API of an OpenAPI document: the same, or a signature by Standard Webhooks. */
export type ApiCredential =
  | HttpCredential
  | { readonly type: 'standard_webhooks'; readonly secret: string };

export const httpMethods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof httpMethods)[number];

/** Methods that change nothing (RFC 9110, 9.2.1): repeated after a crash, and made in a dry run. */
export const safeMethods: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];
