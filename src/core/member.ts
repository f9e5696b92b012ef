/** What a person is in a workspace, from the most rights to the least. */
export const roles = ['owner', 'editor', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Somebody who can sign in. */
export interface User {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly pictureUrl: string | null;
}

/** A person in one workspace. */
export interface Member extends User {
  readonly role: Role;
  /** When they joined the workspace. */
  readonly createdAt: Date;
  /** How they can sign in; neither: they have not accepted their invitation yet. */
  readonly hasPassword: boolean;
  readonly hasIdentity: boolean;
}

/** Who is signed in: a person, and their role in each of their workspaces. */
export interface Person {
  readonly userId: string;
  readonly email: string;
  readonly roles: ReadonlyMap<string, Role>;
}

/** An address as it is stored and compared, or null for what is none. */
export function normalizedEmail(text: string): string | null {
  const email = text.trim().toLowerCase();
  // Neither RFC 5321's whole grammar nor less than what mail servers take.
  return email.length <= 254 &&
    /^[^\s@"<>,;:\\]{1,64}@[^\s@"<>,;:\\]+\.[^\s@"<>,;:\\.]+$/.test(email)
    ? email
    : null;
}
