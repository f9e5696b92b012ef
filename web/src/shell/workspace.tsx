import { createContext, type ReactNode, use, useState } from 'react';

export interface Me {
  readonly access: 'read' | 'write' | 'admin';
  readonly version: string;
  readonly user: { readonly id: string; readonly email: string } | null;
  readonly workspaces: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: 'owner' | 'editor' | 'operator' | 'viewer' | null;
  }[];
}

interface Session {
  readonly me: Me;
  readonly workspaceId: string;
  readonly choose: (workspaceId: string) => void;
}

const SessionContext = createContext<Session | null>(null);
const key = 'signalbox-workspace';

/** Who is signed in, and the workspace that the pages are about. */
export function SessionProvider({
  me,
  children,
}: {
  readonly me: Me;
  readonly children: ReactNode;
}) {
  const [wanted, setWanted] = useState(() => localStorage.getItem(key));
  const current = me.workspaces.find(({ id }) => id === wanted) ?? me.workspaces[0];
  const choose = (id: string) => {
    localStorage.setItem(key, id);
    setWanted(id);
  };
  return (
    <SessionContext value={{ me, workspaceId: current?.id ?? '', choose }}>
      {children}
    </SessionContext>
  );
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('Nobody is signed in here.');
  return session;
}
