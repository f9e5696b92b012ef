/** The erasing of all that is kept about one contact. */
export interface Erasure {
  readonly id: string;
  readonly workspaceId: string;
  readonly contactId: string;
  readonly status: 'pending' | 'done';
  /** Rows that went, by table. */
  readonly erased: Readonly<Record<string, number>>;
  readonly requestedBy: string | null;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
}
