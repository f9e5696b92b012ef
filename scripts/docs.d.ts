// What tests use of docs.js, which is plain JavaScript for the machine's own Node.
export function buildDocs(given: { readonly root: string; readonly target: string }): void;
export function readPages(root: string): ReadonlyMap<string, string>;
export function readSections(index: string): readonly {
  readonly title: string;
  readonly links: readonly { readonly title: string; readonly name: string }[];
}[];
export function placeOf(
  name: string,
  href: string,
  pages: ReadonlyMap<string, string>,
): string | null;
