/** What an analyst wants to do, and the methods that do it; the gallery's order. */
export const kStudyGroups = [
  ['needs', ['diagnose']],
  ['measure', ['alpha', 'efa', 'servqual']],
  ['weigh', ['ahp', 'delphi', 'weights', 'fuzzy']],
  ['model', ['cfa', 'sem', 'pls', 'regression']],
  ['drivers', ['drivers', 'ipa', 'kano']],
  ['scores', ['nps', 'survival', 'cohort']],
  ['value', ['clv', 'churn', 'roi']],
  ['experiments', ['ab', 'power']],
  ['effects', ['causal', 'claims']],
  ['price', ['price-sensitivity']],
] as const satisfies readonly (readonly [string, readonly string[]])[];

export type StudyGroup = (typeof kStudyGroups)[number][0] | 'other';

/** The methods that the server has, group by group; one that no group names stands under `other`. */
export function grouped<T extends {name: string}>(methods: readonly T[]): {group: StudyGroup; methods: T[]}[] {
  const left = new Map(methods.map((method) => [method.name, method]));
  const out: {group: StudyGroup; methods: T[]}[] = [];
  for (const [group, names] of kStudyGroups) {
    const found = names.flatMap((name) => left.get(name) ?? []);
    for (const {name} of found) left.delete(name);
    if (found.length) out.push({group, methods: found});
  }
  if (left.size) out.push({group: 'other', methods: [...left.values()]});
  return out;
}
