/** What is given of a patch: fields that are undefined are left out. */
export function givenFields<Patch extends object>(
  patch: Patch,
): { [Field in keyof Patch]?: Exclude<Patch[Field], undefined> } {
  const given = Object.entries(patch).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [Field in keyof Patch]?: Exclude<Patch[Field], undefined> };
}
