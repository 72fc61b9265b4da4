/** What a form says of a package, and how packages lie beside each other. */

export interface Chosen {
  kind: 'service' | 'product';
  id: string;
  quantity: number;
}
export interface Terms {
  discount: string;
  title: string;
  title_en: string;
  family: string;
  tier: string;
  rank: string;
  below_cost: boolean;
}

/** The package as it is asked for; what was left empty is left out. The discount is typed in per cent. */
export function draftOf(chosen: readonly Chosen[], terms: Terms) {
  const text = (name: 'title' | 'title_en' | 'family' | 'tier') => (terms[name].trim() ? {[name]: terms[name].trim()} : {});
  return {
    services: chosen.filter(({kind}) => kind === 'service').map(({id, quantity}) => ({service_id: id, quantity})),
    products: chosen.filter(({kind}) => kind === 'product').map(({id, quantity}) => ({product_id: id, quantity})),
    ...(terms.discount.trim() ? {discount: Math.round(Number(terms.discount) * 100) / 10_000} : {}),
    ...text('title'), ...text('title_en'), ...text('family'), ...text('tier'),
    ...(terms.rank.trim() ? {rank: Number(terms.rank)} : {}),
    ...(terms.below_cost ? {below_cost: true} : {}),
  };
}

export function packageId(title: string, now: Date): string {
  const words = title.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 30);
  return `PK-${words ? `${words}-` : ''}${now.getTime().toString(36)}`;
}

/** Families in the order in which they come; inside, tiers by rank. Packages of no family stand last, together. */
export function byFamily<T extends {family?: string; rank?: number; package_id: string}>(packages: readonly T[]): {family: string; packages: T[]}[] {
  const families = new Map<string, T[]>();
  for (const one of packages) families.set(one.family ?? '', [...(families.get(one.family ?? '') ?? []), one]);
  return [...families].map(([family, all]) => ({family, packages: all.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.package_id.localeCompare(b.package_id))}))
    .sort((a, b) => Number(a.family === '') - Number(b.family === ''));
}
