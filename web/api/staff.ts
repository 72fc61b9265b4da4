import {good, type Result} from '../model/result';
import {get} from './http';
import {readSession, readUsers} from './session';

/** Who `user:3` is. Users are read by administrators alone; others know themselves and who is on the roster. */
const names = new Map<string, string>();
let kept: Promise<Result<ReadonlyMap<string, string>>> | undefined;

async function fetchStaff(): Promise<Result<ReadonlyMap<string, string>>> {
  const [here, roster] = await Promise.all([readSession(), get<{roster: {agents: {agent: string; name?: string}[]}}>('/v1/roster')]);
  if (roster.ok) for (const {agent, name} of roster.value.roster.agents) if (name) names.set(agent, name);
  if (!here.ok) return here;
  const {user, permissions} = here.value;
  if (user?.name) names.set(`user:${user.id}`, user.name);
  if (!permissions.includes('administer')) return good(names);
  const users = await readUsers();
  if (users.ok) for (const {id, name} of users.value.users) names.set(`user:${id}`, name);
  return good(names);
}
/** Read once and kept for a minute. */
export function readStaff(): Promise<Result<ReadonlyMap<string, string>>> {
  kept ??= fetchStaff().then((got) => {
    setTimeout(() => (kept = undefined), got.ok ? 60_000 : 1_000);
    return got;
  });
  return kept;
}
export const knownStaff = (): ReadonlyMap<string, string> => names;
