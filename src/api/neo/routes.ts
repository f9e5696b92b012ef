import type { Route } from '../route.ts';

/** Every route of Neo's dialect. */
export const neoRoutes: readonly Route[] = [];
