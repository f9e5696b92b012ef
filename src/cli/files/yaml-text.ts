import { parseDocument, stringify } from 'yaml';
import { CliError } from '../cli-error.ts';
import { asExactNumbers } from './exact-values.ts';

/** The fields as YAML: the same fields always give the same text, one line a value, texts as blocks. */
export function toYaml(fields: Readonly<Record<string, unknown>>): string {
  return stringify(fields, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.2' });
}

/** The fields of a YAML file. Throws `CliError` that names file and line. */
export function fromYaml(text: string, file: string): Record<string, unknown> {
  const document = parseDocument(text, { intAsBigInt: true, version: '1.2' });
  const [problem] = document.errors;
  if (problem !== undefined) throw new CliError(`${file} is not YAML: ${problem.message}`);
  const value = asExactNumbers(document.toJS({ maxAliasCount: 100 }));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CliError(`${file} must hold fields, one a line.`);
  }
  return value as Record<string, unknown>;
}
