import { resources } from './route.ts';

/** What tokens are never given, whatever they are limited to. */
const closed: readonly string[] = ['token', 'audit', 'hook'];

/** `run:read`, `agent:write`: a resource of the route table, and what may be done with it. */
export function isTokenScope(text: string): boolean {
  const [resource = '', right = '', more] = text.split(':');
  const isKnown = resources.some((known) => known === resource) && !closed.includes(resource);
  return isKnown && (right === 'read' || right === 'write') && more === undefined;
}
