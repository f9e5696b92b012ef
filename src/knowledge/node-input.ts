import { z } from 'zod';
import { textLanguages } from './languages.ts';

// What people may say of a node.

export const nodeMaxima = {
  title: 300,
  /** Directories above one another. */
  depth: 20,
  /** Characters of a body that is to be one chunk. */
  wholeBody: 32_000,
  metadataLength: 65_536,
  fileBytes: 26_214_400,
} as const;

const label = z.string().min(1).max(255);

export const nodeFields = {
  title: z.string().trim().min(1).max(nodeMaxima.title),
  body: z.string(),
  parent_id: z.string().nullable(),
  entity_ids: z.array(label).max(100),
  tags: z.array(label).max(50),
  enabled: z.boolean(),
  chunk_body: z.boolean(),
  language: z.enum(['auto', ...textLanguages] as [string, ...string[]]).nullable(),
  source: z.string().regex(/^[a-z][a-z0-9_-]{0,49}$/, 'must be of the form crm_notes'),
  source_id: z.string().min(1).max(500),
};
