const pieceLength = 6_000;
const fence = /^ {0,3}```/gm;

/**
 * Markdown in pieces of some thousand characters, since parsing it takes long: between paragraphs where there is a
 * paragraph's end, else between lines. A block of code that is cut goes on as one.
 */
export function textPieces(text: string): string[] {
  const pieces: string[] = [];
  let rest = text;
  // A last piece that is short is not worth a button.
  while (rest.length > 1.3 * pieceLength) {
    const at = endOfPiece(rest);
    const piece = rest.slice(0, at);
    const isCut = (piece.match(fence)?.length ?? 0) % 2 === 1;
    pieces.push(isCut ? `${piece}\n\`\`\`` : piece);
    rest = (isCut ? '```\n' : '') + rest.slice(at);
  }
  return [...pieces, rest];
}

function endOfPiece(text: string): number {
  const within = text.slice(0, pieceLength);
  for (const between of ['\n\n', '\n', ' ']) {
    const at = within.lastIndexOf(between);
    if (at > pieceLength / 2) return at + between.length;
  }
  // Not between the halves of a character.
  return /[\uD800-\uDBFF]$/.test(within) ? pieceLength - 1 : pieceLength;
}
