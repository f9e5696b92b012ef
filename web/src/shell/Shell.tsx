import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { LogOut, Moon, Sun, SunMoon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { v1 } from '../api/client.ts';
import { useConnection } from '../api/connection.ts';
import { OpenCount } from '../inbox/OpenCount.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Mark } from './Mark.tsx';
import { PhoneNav } from './PhoneNav.tsx';
import { type Place, placeGroups } from './places.ts';
import { themes, useTheme } from './theme.ts';
import { useSession } from './workspace.tsx';

/** The frame around every page: where one can go, and whether the server is there. */
export function Shell() {
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2"
      >
        To the content
      </a>
      <div className="flex shrink-0 items-center gap-2 border-b border-line bg-surface px-3 py-2 md:w-52 md:flex-col md:items-stretch md:border-b-0 md:border-r md:px-3 md:py-4">
        <div className="grow md:grow-0 md:px-1.5 md:pb-3">
          <Mark />
        </div>
        <WorkspaceChoice />
        <nav
          aria-label="Main"
          className="hidden min-h-0 grow flex-col gap-3 overflow-y-auto md:flex"
        >
          {placeGroups.map((places) => (
            <div key={places[0].to} className="flex flex-col gap-0.5">
              {places.map((place) => (
                <PlaceLink key={place.to} {...place} />
              ))}
            </div>
          ))}
        </nav>
        <div className="flex items-center gap-1">
          <ThemeMenu />
          <SignOut />
        </div>
      </div>
      <main
        id="content"
        tabIndex={-1}
        className="relative min-h-0 min-w-0 grow overflow-y-auto outline-none"
      >
        <ConnectionBanner />
        <Outlet />
      </main>
      <PhoneNav />
    </div>
  );
}

function PlaceLink({ to, label, Icon }: Place) {
  return (
    <Link
      to={to}
      className="flex min-w-0 items-center gap-2.5 rounded-md px-2 py-1.5 text-[13px] font-medium text-muted hover:bg-sunken hover:text-ink data-[status=active]:bg-sunken data-[status=active]:text-ink"
    >
      <Icon size={17} aria-hidden />
      {label}
      {to === '/inbox' && <OpenCount />}
    </Link>
  );
}

function WorkspaceChoice() {
  const { me, workspaceId, choose } = useSession();
  if (me.workspaces.length < 2) return null;
  return (
    <label className="min-w-0 md:pb-3">
      <span className="sr-only">Workspace</span>
      <select
        value={workspaceId}
        onChange={(event) => choose(event.target.value)}
        className="h-8 w-full max-w-40 truncate rounded-md border border-line bg-surface px-1.5 text-[13px] md:max-w-none"
      >
        {me.workspaces.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const themeIcons = { system: SunMoon, light: Sun, dark: Moon };

function ThemeMenu() {
  const [theme, setTheme] = useTheme();
  const Icon = themeIcons[theme];
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button
          kind="quiet"
          aria-label="Theme"
          title="Theme"
          icon={<Icon size={16} aria-hidden />}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          className="z-50 min-w-32 rounded-md border border-line bg-surface p-1 shadow-lg"
        >
          <DropdownMenu.RadioGroup
            value={theme}
            onValueChange={(next) => setTheme(themes.find((each) => each === next) ?? 'system')}
          >
            {themes.map((each) => {
              const Each = themeIcons[each];
              return (
                <DropdownMenu.RadioItem
                  key={each}
                  value={each}
                  className="flex cursor-pointer items-center gap-2 rounded px-2 py-1.5 text-[13px] capitalize text-muted data-highlighted:bg-sunken data-[state=checked]:font-medium data-[state=checked]:text-ink"
                >
                  <Each size={14} aria-hidden />
                  {each}
                </DropdownMenu.RadioItem>
              );
            })}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function SignOut() {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const signOut = async () => {
    setBusy(true);
    await v1.DELETE('/v1/session').catch(() => undefined);
    queries.clear();
    location.assign('/');
  };
  return (
    <Button
      kind="quiet"
      aria-label="Sign out"
      title="Sign out"
      busy={busy}
      onClick={signOut}
      icon={<LogOut size={16} aria-hidden />}
    />
  );
}

function ConnectionBanner() {
  const state = useConnection();
  return (
    <div role="status" className="sticky top-0 z-30">
      {state !== 'ok' && (
        <p
          className={classes(
            'px-4 py-1.5 text-center text-[13px] font-medium',
            state === 'lost' ? 'bg-warn text-surface' : 'bg-good text-surface',
          )}
        >
          {state === 'lost'
            ? 'The server does not answer. Trying again …'
            : 'The server is back. Everything is up to date again.'}
        </p>
      )}
    </div>
  );
}
