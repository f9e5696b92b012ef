/** The tenant: owns everything. */
export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** Requests a minute; null takes the server's setting, 0 is off. */
  readonly rateLimit: number | null;
  /** Runs at once; null takes the server's setting. */
  readonly maxRunning: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
