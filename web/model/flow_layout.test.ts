import {expect, test} from 'vitest';

import {layFlows} from './flow_layout';

const order = ['new', 'potential', 'other'];
const flows = [{from: 'new', to: 'potential', customers: 30}, {from: 'potential', to: 'new', customers: 10}, {from: 'new', to: 'other', customers: 20},
  {from: 'new', to: 'new', customers: 99}, {from: 'other', to: 'new', customers: 0}];

test('nodes keep their order, do not overlap and fill the height', () => {
  const {nodes} = layFlows(flows, order, 200);
  for (const side of ['before', 'after'] as const) {
    const column = nodes.filter((node) => node.side === side);
    column.forEach((node, i) => {
      if (i > 0) expect(node.y).toBeGreaterThanOrEqual(column[i - 1]!.y + column[i - 1]!.height);
    });
    expect(column[0]!.y).toBeGreaterThanOrEqual(0);
    expect(column.at(-1)!.y + column.at(-1)!.height).toBeLessThanOrEqual(200.001);
  }
  expect(nodes.filter((node) => node.side === 'before').map((node) => [node.of, node.customers])).toEqual([['new', 50], ['potential', 10]]);
});

test('bands are as thick as their customers and stay within their nodes', () => {
  const {nodes, bands} = layFlows(flows, order, 200);
  expect(bands).toHaveLength(3);
  const [first, second] = [bands.find((band) => band.to === 'potential')!, bands.find((band) => band.to === 'new')!];
  expect(first.thickness / second.thickness).toBeCloseTo(3);
  for (const band of bands) {
    for (const [side, of, y] of [['before', band.from, band.y0], ['after', band.to, band.y1]] as const) {
      const node = nodes.find((one) => one.side === side && one.of === of)!;
      expect(y - band.thickness / 2).toBeGreaterThanOrEqual(node.y - 0.001);
      expect(y + band.thickness / 2).toBeLessThanOrEqual(node.y + node.height + 0.001);
    }
  }
});

test('nothing that moves is nothing to draw', () => {
  expect(layFlows([], order, 100)).toEqual({nodes: [], bands: []});
});
