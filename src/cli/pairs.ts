import { InvalidArgumentError } from 'commander';

/** Takes one more `name=value` of an option that may be given again and again. */
export function pairs(text: string, before: readonly string[] | undefined): readonly string[] {
  if (/^[A-Za-z_]\w*=.+$/.test(text)) return [...(before ?? []), text];
  throw new InvalidArgumentError('It must be name=value, such as window_minutes=15.');
}

/** The values by their names; what is a number is one. */
export function valuesOf(given: readonly string[] = []): Record<string, string | number> {
  return Object.fromEntries(
    given.map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      const value = rest.join('=');
      return [name, value !== '' && Number.isFinite(Number(value)) ? Number(value) : value];
    }),
  );
}
