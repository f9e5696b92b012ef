import { z } from 'zod';
import { secretNameForm } from '../../core/secret.ts';

const secret = z.string().regex(secretNameForm, 'must be the name of a secret, such as API_KEY');

/** A header that a credential may be. Those of the connection itself are none. */
export const credentialHeader = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'must be the name of a header')
  .refine(
    (name) =>
      !/^(?:host|connection|content-length|content-type|transfer-encoding|te|trailer|upgrade|keep-alive|proxy-.*)$/i.test(
        name,
      ),
    'cannot be a header of the connection itself',
  );

/** A credential as people write it: it names a secret of the workspace. */
export const httpCredentialSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('bearer'), secret }),
  z.strictObject({ type: z.literal('header'), name: credentialHeader, secret }),
  z.strictObject({ type: z.literal('query'), name: z.string().min(1).max(100), secret }),
  z.strictObject({
    type: z.literal('basic'),
    username: z
      .string()
      .max(256)
      .regex(/^[^:]*$/, 'must have no colon')
      .refine((name) => !/\p{Cc}/u.test(name), 'must have no control character'),
    secret,
  }),
]);

/** The same for APIs of OpenAPI documents, whose requests can be signed as well. */
export const apiCredentialSchema = z.discriminatedUnion('type', [
  ...httpCredentialSchema.options,
  z.strictObject({ type: z.literal('standard_webhooks'), secret }),
]);
