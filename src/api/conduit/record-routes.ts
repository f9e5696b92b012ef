import type { Route } from '../route.ts';
import { customAttributeRoutes } from './custom-attributes.ts';
import { entityRoutes } from './entities.ts';
import { recordKindRoutes } from './record-kinds.ts';
import { recordRoutes } from './records.ts';
import { ticketRoutes } from './tickets.ts';

/** Everything about entities that live elsewhere. */
export const allRecordRoutes: readonly Route[] = [
  ...recordKindRoutes,
  ...recordRoutes,
  ...entityRoutes,
  ...ticketRoutes,
  ...customAttributeRoutes,
];
