import { z } from 'zod';
import { apiCredentialSchema } from '../http/credential-input.ts';
import { outgoingUrl, sourceFields } from '../sources/source-input.ts';
import { maxDocumentChars } from './document.ts';
import { baseUrlProblem } from './servers.ts';

const baseUrl = z
  .string()
  .max(2_048)
  .superRefine((text, context) => {
    const problem = baseUrlProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

const name = z.string().min(1).max(100);

export const openApiPatchSchema = z
  .strictObject({
    ...sourceFields,
    document: z.string().min(1).max(maxDocumentChars),
    document_url: outgoingUrl,
    /** Null: the one of the document's first server. */
    base_url: baseUrl.nullable(),
    server_variables: z.record(name, z.string().max(1_024)),
    credentials: z
      .record(name, apiCredentialSchema)
      .refine((all) => Object.keys(all).length <= 20, 'must be at most 20'),
  })
  .partial();
export const openApiCreateSchema = openApiPatchSchema.extend({
  workspace_id: z.string(),
  name: sourceFields.name,
});

export type OpenApiInput = z.output<typeof openApiCreateSchema>;
export type OpenApiPatch = z.output<typeof openApiPatchSchema>;
