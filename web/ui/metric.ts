import {named} from '../i18n/i18n';

/** A metric's name: as hypotheses call it, or as the overview's tiles do. */
export function metricName(metric: string): string {
  const words = named('metric', metric);
  return words === metric ? named('tile', metric) : words;
}
