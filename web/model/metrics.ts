/** Reads Prometheus' text format: name, labels and value of each sample. Lines it does not know are passed over. Pure. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
  help: string;
}

export function parseMetrics(text: string): Sample[] {
  const help = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const told = /^# HELP (\S+) (.*)$/.exec(line);
    if (told) {
      help.set(told[1]!, told[2]!);
      continue;
    }
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!sample) continue;
    const labels: Record<string, string> = {};
    for (const [, name, value] of (sample[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[name!] = value!;
    const name = sample[1]!;
    samples.push({name, labels, value: Number(sample[3]), help: help.get(name) ?? help.get(name.replace(/_(sum|count|bucket)$/, '')) ?? ''});
  }
  return samples;
}
