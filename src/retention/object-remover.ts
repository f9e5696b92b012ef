import type { Logger } from '../core/logger.ts';
import type { ObjectStore } from '../core/object-store.ts';
import { ClaimLoop } from '../delivery/claim-loop.ts';
import type { Database } from '../store/connect.ts';
import { claimObjects, forgetObject } from '../store/stored-objects.ts';

const leaseMs = 600_000;

/** Removes objects of outputs that are not kept any more, a day after their rows went. */
export class ObjectRemover extends ClaimLoop<string> {
  constructor(given: {
    readonly db: Database;
    readonly objects: ObjectStore;
    readonly logger: Logger;
  }) {
    const { db, objects, logger } = given;
    super({
      logger,
      name: 'Objects to remove',
      pollMs: 10_000,
      atOnce: 8,
      claim: (limit) => claimObjects(db, { limit, leaseMs }),
      work: async (key) => {
        try {
          await objects.remove(key);
          await forgetObject(db, key);
        } catch (err) {
          // Its claim lapses, and it is tried again.
          logger.warn({ err }, 'An object could not be removed');
        }
      },
    });
  }
}
