import {
  Activity,
  BookOpen,
  Bot,
  CalendarClock,
  ChartColumn,
  Contact,
  FlaskConical,
  GraduationCap,
  Inbox,
  MessagesSquare,
  PlugZap,
  Settings,
  Wrench,
  Zap,
} from 'lucide-react';

/** Where one can go, in groups; `onPhone`: without opening the menu there. */
export const placeGroups = [
  [
    { to: '/inbox', label: 'Inbox', Icon: Inbox, onPhone: true },
    { to: '/conversations', label: 'Conversations', Icon: MessagesSquare, onPhone: false },
    { to: '/contacts', label: 'Contacts', Icon: Contact, onPhone: false },
  ],
  [
    { to: '/runs', label: 'Runs', Icon: Activity, onPhone: true },
    { to: '/trigger-events', label: 'Trigger events', Icon: Zap, onPhone: false },
    { to: '/schedules', label: 'Schedules', Icon: CalendarClock, onPhone: false },
  ],
  [
    { to: '/agents', label: 'Agents', Icon: Bot, onPhone: true },
    { to: '/tests', label: 'Tests', Icon: FlaskConical, onPhone: false },
    { to: '/tools', label: 'Tools', Icon: Wrench, onPhone: true },
    { to: '/knowledge', label: 'Knowledge', Icon: BookOpen, onPhone: false },
    { to: '/skills', label: 'Skills', Icon: GraduationCap, onPhone: false },
  ],
  [
    { to: '/usage', label: 'Usage', Icon: ChartColumn, onPhone: false },
    { to: '/settings', label: 'Settings', Icon: Settings, onPhone: false },
    { to: '/system', label: 'System', Icon: PlugZap, onPhone: false },
  ],
] as const;

export type Place = (typeof placeGroups)[number][number];
