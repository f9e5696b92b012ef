import type { Route } from '../route.ts';
import { getRoot } from './root.ts';

/** Every route of Conduit's dialect. */
export const conduitRoutes: readonly Route[] = [getRoot];
