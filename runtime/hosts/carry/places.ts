import type { FlowDocument, Host, Point } from '../replay';

/** How far nodes usually stand apart. Node-RED counts from a node's middle, n8n from its corner. */
const GRID: Readonly<Record<Host, { readonly across: number; readonly down: number; readonly first: Point; readonly snap: number }>> = {
  n8n: { across: 240, down: 160, first: { x: 0, y: 40 }, snap: 20 },
  'node-red': { across: 200, down: 80, first: { x: 140, y: 160 }, snap: 20 },
};

/** Places of one editor in the other: the same picture on its grid, beginning where its flows begin. */
export function placing({ host, nodes, notes }: FlowDocument, to: Host): (at: Point, step?: number) => Point {
  const [from, grid] = [GRID[host], GRID[to]];
  const all = nodes.length > 0 ? nodes : notes;
  const origin = { x: Math.min(...all.map(({ at }) => at.x)), y: Math.min(...all.map(({ at }) => at.y)) };
  const snapped = (value: number): number => Math.round(value / grid.snap) * grid.snap;
  return ({ x, y }, step = 0) => ({
    x: snapped(grid.first.x + ((x - origin.x) / from.across + step / 2) * grid.across),
    y: snapped(grid.first.y + ((y - origin.y) / from.down + step / 4) * grid.down),
  });
}
