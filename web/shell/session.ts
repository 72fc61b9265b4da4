import type {Session} from '../api/session';

/** Who is here, as the screens see it; the shell keeps it up to date. */
let current: Session | undefined;
const listeners = new Set<() => void>();

export function session(): Session | undefined {
  return current;
}
export function setSession(next: Session | undefined): void {
  current = next;
  for (const call of listeners) call();
}
export function whenSessionChanges(call: () => void): () => void {
  listeners.add(call);
  return () => listeners.delete(call);
}
/** Whether this user may do that; the server decides, this only spares a button that would be refused. */
export function may(permission: string): boolean {
  return current?.permissions.includes(permission) ?? false;
}
