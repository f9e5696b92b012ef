// A field that a model is to fill.

export const outputTypes = [
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'date',
  'datetime',
] as const;
export type OutputType = (typeof outputTypes)[number];

export interface OutputField {
  readonly name: string;
  readonly description: string;
  readonly type: OutputType;
  readonly enum?: readonly string[];
  readonly is_required: boolean;
}
