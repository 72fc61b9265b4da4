import type {Flow} from './matrix';

/** Where the bands between two columns of classes lie: a Sankey diagram of one step. Pure. */
export interface FlowNode {
  of: string;
  side: 'before' | 'after';
  y: number;
  height: number;
  customers: number;
}
export interface FlowBand {
  from: string;
  to: string;
  customers: number;
  /** Heights at which the middle of the band leaves and arrives, and its thickness. */
  y0: number;
  y1: number;
  thickness: number;
}

const kGap = 14;
const kLeast = 2;

/**
 * Both columns are `height` high; nodes keep the order of `order`, unknown ones come last. Thickness is in proportion to customers
 * and the same on both sides. Flows of nobody, and from a class to itself, are left out.
 */
export function layFlows(flows: readonly Flow[], order: readonly string[], height: number): {nodes: FlowNode[]; bands: FlowBand[]} {
  const kept = flows.filter((flow) => flow.customers > 0 && flow.from !== flow.to);
  const rank = (name: string): number => order.includes(name) ? order.indexOf(name) : order.length;
  const names = (pick: (flow: Flow) => string): string[] => [...new Set(kept.map(pick))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const columns = {before: names((flow) => flow.from), after: names((flow) => flow.to)};
  const total = kept.reduce((sum, flow) => sum + flow.customers, 0);
  const most = Math.max(columns.before.length, columns.after.length, 1);
  const scale = total > 0 ? (height - kGap * (most - 1)) / total : 0;

  const nodes: FlowNode[] = [];
  for (const side of ['before', 'after'] as const) {
    const used = total * scale + kGap * (columns[side].length - 1);
    let y = (height - used) / 2;
    for (const of of columns[side]) {
      const customers = kept.filter((flow) => (side === 'before' ? flow.from : flow.to) === of).reduce((sum, flow) => sum + flow.customers, 0);
      nodes.push({of, side, y, height: Math.max(kLeast, customers * scale), customers});
      y += customers * scale + kGap;
    }
  }

  const reached = new Map(nodes.map((node) => [`${node.side} ${node.of}`, node.y]));
  const take = (key: string, thickness: number): number => {
    const at = reached.get(key) ?? 0;
    reached.set(key, at + thickness);
    return at + thickness / 2;
  };
  const sorted = [...kept].sort((a, b) => rank(a.from) - rank(b.from) || rank(a.to) - rank(b.to));
  const bands = sorted.map((flow) => {
    const thickness = flow.customers * scale;
    return {...flow, y0: take(`before ${flow.from}`, thickness), y1: 0, thickness};
  });
  for (const band of [...bands].sort((a, b) => rank(a.to) - rank(b.to) || rank(a.from) - rank(b.from))) band.y1 = take(`after ${band.to}`, band.thickness);
  return {nodes, bands};
}
