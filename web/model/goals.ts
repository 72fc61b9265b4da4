/** The goals of the twelve-month programme: what each measures, whose it is, and how far it is to move. Pure. */
export interface GoalTemplate {
  id: string;
  metric: string;
  department: string;
  /** Relative to today's figure, 0.25 = 25 % more; or a figure to reach. */
  by?: number;
  to?: number;
}

/** Targets of the plan that the product was drawn from; its baselines are replaced by the shop's own figures. */
export const kProgramme: readonly GoalTemplate[] = [
  {id: 'recommendations', metric: 'recommendation_click_rate', department: 'marketing', by: 0.4},
  {id: 'conversion', metric: 'conversion', department: 'product', by: 0.25},
  {id: 'repurchase', metric: 'repurchase_rate', department: 'marketing', by: 0.3},
  {id: 'order_value', metric: 'average_order_value', department: 'sales', by: 0.15},
  {id: 'csat', metric: 'csat', department: 'service', to: 0.9},
  {id: 'nps', metric: 'nps', department: 'service', to: 50},
  {id: 'resolution', metric: 'resolution_hours', department: 'after-sale', to: 12},
];

export interface GoalDraft {
  metric: string;
  department: string;
  baseline?: number;
  target: number;
  due: string;
  unit?: string;
}

/** The share of visitors who ordered, from the overview's funnel; undefined where nobody came. */
export function conversionOf(funnel: readonly {step: string; customers: number}[]): number | undefined {
  const of = (name: string): number => funnel.find(({step}) => step === name)?.customers ?? 0;
  return of('visit') > 0 ? of('order') / of('visit') : undefined;
}

/** Units of the metrics that have one whatever the shop's currency is. */
export const kUnits: Readonly<Record<string, string>> = {
  return_rate: 'share', complaint_rate: 'share', csat: 'share', recommendation_click_rate: 'share', repurchase_rate: 'share', conversion: 'share',
  nps: 'score', resolution_hours: 'hours', first_answer_minutes: 'minutes',
};

/** The goal as of `today` where the metric now stands at `now`; undefined where a relative one has nothing to start from. */
export function draft(template: GoalTemplate, now: number | null | undefined, today: Date, unit = kUnits[template.metric]): GoalDraft | undefined {
  const known = now !== null && now !== undefined;
  if (template.to === undefined && !known) return undefined;
  const wanted = template.to ?? now! * (1 + (template.by ?? 0));
  const target = unit === 'share' ? Math.min(1, wanted) : wanted;
  const due = new Date(Date.UTC(today.getUTCFullYear() + 1, today.getUTCMonth(), today.getUTCDate())).toISOString();
  const goal: GoalDraft = {metric: template.metric, department: template.department, target: round(target), due};
  if (known) goal.baseline = round(now);
  if (unit) goal.unit = unit;
  return goal;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
