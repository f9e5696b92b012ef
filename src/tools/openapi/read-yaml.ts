import { type Document, isScalar, Lexer, parseDocument, visit } from 'yaml';

// YAML of strangers. The parser takes minutes for a megabyte that is made for it (aliases are looked up one
// by one, nesting is unwound level by level), so its tokens, which cost next to nothing, are looked at first.
// Its own search for keys that are there twice compares each with each.

const limits = { aliases: 100, nesting: 64 } as const;
/** Comes before a token that is plain text. */
const beforeText = '\x1f';

/** The value of a text. Throws `Error` with the reason. */
export function readYaml(text: string): unknown {
  requireBounded(text);
  const document = parseDocument(text, { schema: 'core', uniqueKeys: false });
  const [problem] = document.errors;
  if (problem !== undefined) throw problem;
  requireUniqueKeys(document);
  return document.toJS({ maxAliasCount: limits.aliases });
}

function requireUniqueKeys(document: Document.Parsed): void {
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name)) throw new Error(`the key "${name}" is not unique in its object`);
        seen.add(name);
      }
    },
  });
}

function requireBounded(text: string): void {
  let aliases = 0;
  let brackets = 0;
  let signs = 0;
  let isText = false;
  for (const token of new Lexer().lex(text)) {
    const first = isText ? '' : token[0];
    isText = token === beforeText;
    if (first === '&' || first === '*') aliases++;
    else if (first === '[' || first === '{') brackets++;
    else if (first === ']' || first === '}') brackets--;
    // Levels can be opened without a bracket, several in a line.
    else if (first === '\n' || first === '\r') signs = 0;
    else if ((first === '-' || first === '?' || first === ':') && brackets === 0) signs++;
    if (aliases > limits.aliases) {
      throw new Error(`it has more than ${limits.aliases} anchors and aliases`);
    }
    if (brackets > limits.nesting || signs > limits.nesting) {
      throw new Error(`it is nested more than ${limits.nesting} levels deep`);
    }
  }
}
