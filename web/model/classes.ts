/** The six user classes and "other", in the order of precedence by which one becomes primary. */
export const kClasses = ['problem', 'churn_risk', 'high_value', 'seed', 'potential', 'new', 'other'] as const;
export type UserClass = (typeof kClasses)[number];

/** The classes in the order in which a customer usually passes through them; how screens list them. */
export const kClassesByLife: readonly UserClass[] = ['new', 'potential', 'high_value', 'seed', 'churn_risk', 'problem', 'other'];

export function isClass(name: string): name is UserClass {
  return (kClasses as readonly string[]).includes(name);
}

/** Of several memberships the primary one; "other" when there is none. */
export function primaryOf(names: readonly string[]): UserClass {
  return kClasses.find((name) => names.includes(name)) ?? 'other';
}
