import type {Worth} from '../api/loop';

/** Where the services lie in the matrix of benefit and cost: places on a square of 0..1, with the ends of their intervals. */
export interface Placed {
  worth: Worth;
  x: number;
  y: number;
  left: number;
  right: number;
  down: number;
  up: number;
}
const k95 = 1.96;
const kMargin = 0.06;

interface Scale {
  from: number;
  room: number;
}
function scale(ends: number[]): Scale {
  const from = Math.min(...ends);
  const room = (Math.max(...ends) - from || Math.abs(from) || 1) / (1 - 2 * kMargin);
  return {from: from - room * kMargin, room};
}

/** Cost to the right, benefit upwards; the lines lie inside as well. */
export function placed(services: readonly Worth[], benefitLine: number | null, costLine: number | null): {services: Placed[]; lineX: number | null; lineY: number | null} {
  if (services.length === 0) return {services: [], lineX: null, lineY: null};
  const cost = scale([...services.flatMap((one) => [one.cost - k95 * one.cost_se, one.cost + k95 * one.cost_se]), ...(costLine === null ? [] : [costLine])]);
  const benefit = scale([...services.flatMap((one) => [one.benefit - k95 * one.benefit_se, one.benefit + k95 * one.benefit_se]), ...(benefitLine === null ? [] : [benefitLine])]);
  const x = (value: number): number => (value - cost.from) / cost.room;
  const y = (value: number): number => (value - benefit.from) / benefit.room;
  return {
    services: services.map((worth) => ({worth, x: x(worth.cost), y: y(worth.benefit), left: x(worth.cost - k95 * worth.cost_se), right: x(worth.cost + k95 * worth.cost_se),
      down: y(worth.benefit - k95 * worth.benefit_se), up: y(worth.benefit + k95 * worth.benefit_se)})),
    lineX: costLine === null ? null : x(costLine), lineY: benefitLine === null ? null : y(benefitLine),
  };
}

/** The services whose place is not sure: no quadrant has this probability. */
export function unsure(services: readonly Worth[], least = 0.8): Worth[] {
  return services.filter(({probability}) => Math.max(...Object.values(probability)) < least);
}
