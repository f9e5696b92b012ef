import { Link } from '@tanstack/react-router';
import { Menu } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { OpenCount } from '../inbox/OpenCount.tsx';
import { type Place, placeGroups } from './places.ts';

const places: readonly Place[] = placeGroups.flat();
const look =
  'flex min-w-0 flex-col items-center gap-0.5 rounded-md px-2 py-1.5 text-2xs font-medium text-muted data-[status=active]:text-ink';

/** The bar at the foot of a narrow page: the places most wanted, and a menu of the others. */
export function PhoneNav() {
  return (
    <nav
      aria-label="Main"
      className="flex shrink-0 justify-around border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places
        .filter(({ onPhone }) => onPhone)
        .map(({ to, label, Icon }) => (
          <Link key={to} to={to} className={look}>
            <Icon size={17} aria-hidden />
            <span className="flex items-center gap-1">
              {label}
              {to === '/inbox' && <OpenCount />}
            </span>
          </Link>
        ))}
      <DropdownMenu.Root>
        <DropdownMenu.Trigger className={look}>
          <Menu size={17} aria-hidden />
          More
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content
            align="end"
            sideOffset={8}
            collisionPadding={8}
            className="z-50 max-h-[70dvh] min-w-48 overflow-y-auto rounded-md border border-line bg-surface p-1 shadow-lg"
          >
            {places
              .filter(({ onPhone }) => !onPhone)
              .map(({ to, label, Icon }) => (
                <DropdownMenu.Item key={to} asChild>
                  <Link
                    to={to}
                    className="flex items-center gap-2.5 rounded px-2.5 py-2 text-[13px] text-muted data-highlighted:bg-sunken data-[status=active]:font-medium data-[status=active]:text-ink"
                  >
                    <Icon size={16} aria-hidden />
                    {label}
                  </Link>
                </DropdownMenu.Item>
              ))}
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </nav>
  );
}
