/** Where `count` points lie on an ellipse within a box, the first at the top, with how a word beside each is set. Pure. */
export function aroundCircle(count: number, width: number, height: number): {x: number; y: number; anchor: 'start' | 'middle' | 'end'}[] {
  return Array.from({length: count}, (_, i) => {
    const angle = (i / count) * 2 * Math.PI - Math.PI / 2;
    const x = width / 2 + Math.cos(angle) * width * 0.34;
    const y = height / 2 + Math.sin(angle) * height * 0.33;
    const side = Math.cos(angle);
    return {x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, anchor: side > 0.4 ? 'start' : side < -0.4 ? 'end' : 'middle'};
  });
}
