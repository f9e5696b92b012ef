/** A file that cannot be read, and never will be: `message` says why, and what to do. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
