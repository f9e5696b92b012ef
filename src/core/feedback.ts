// What people outside say of a run.

export const ratings = ['good', 'bad'] as const;
export type Rating = (typeof ratings)[number];

export const feedbackMaxima = { commentLength: 4_000, nameLength: 200, linkDays: 90 } as const;

export interface Feedback {
  readonly runId: string;
  readonly rating: Rating;
  readonly comment: string | null;
  /** Whom the link was made for; null where nobody was named. */
  readonly givenBy: string | null;
  readonly createdAt: Date;
  /** When they last changed their mind. */
  readonly updatedAt: Date;
}
