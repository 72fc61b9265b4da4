/** What stands as `reason` in events that the engine wrote, taken apart, so that it can be said in the reader's language. Pure. */

/** A piece of a reason: the key of its words and what fills them; `kind` says of what the value is a name. */
export interface ReasonPart {
  key: string;
  fills: Readonly<Record<string, {kind: 'text' | 'clock' | 'class' | 'moment'; value: string}>>;
}

type Kind = 'text' | 'clock' | 'class' | 'moment';
/** Whole reasons, as src/engine writes them: engine_desk_macros.cc, clock_clerk.cc, feedback_listener.cc, return_writing.cc. */
const kWhole: readonly [RegExp, string, readonly [string, Kind][]][] = [
  [/^macro ([A-Za-z0-9_.:-]{1,64})$/, 'macro', [['name', 'text']]],
  [/^(first_answer|located|closed|call_back|decision|pick_up|public_answer) late$/, 'late', [['clock', 'clock']]],
  [/^the customer wrote$/, 'customer_wrote', []],
  [/^on duty$/, 'on_duty', []],
  [/^asked the department$/, 'asked_department', []],
  [/^call-back: satisfied$/, 'satisfied', []],
  [/^call-back: not satisfied$/, 'unsatisfied', []],
  [/^assistant$/, 'assistant', []],
  [/^return:(.+)$/, 'return', [['id', 'text']]],
  [/^ticket:(.+)$/, 'ticket', [['id', 'text']]],
  [/^survey:(.+)$/, 'survey', [['id', 'text']]],
];
/** Parts of why an agent was chosen (src/decide/care.cc), parted by "; ". */
const kChosen: readonly [RegExp, string, readonly [string, Kind][]][] = [
  [/^([\w-]+), one of (\d+)$/, 'of_department', [['department', 'class'], ['n', 'text']]],
  [/^at work$/, 'at_work', []],
  [/^at work from (\d{4}-\d\d-\d\dT\S+)$/, 'at_work_from', [['when', 'moment']]],
  [/^skill ([\w-]+)$/, 'skill', [['name', 'class']]],
  [/^has (\d+) of (\d+)$/, 'load', [['n', 'text'], ['of', 'text']]],
];

function read(text: string, forms: readonly [RegExp, string, readonly [string, Kind][]][]): ReasonPart | undefined {
  for (const [pattern, key, names] of forms) {
    const found = pattern.exec(text);
    if (found) return {key, fills: Object.fromEntries(names.map(([name, kind], i) => [name, {kind, value: found[i + 1] ?? ''}]))};
  }
  return undefined;
}

/** The parts of a reason of the engine's own; undefined for a person's words and for codes that have words of their own. */
export function reasonParts(reason: string): ReasonPart[] | undefined {
  const whole = read(reason, kWhole);
  if (whole) return [whole];
  const parts = reason.split('; ').map((part) => read(part, kChosen));
  return parts[0]?.key === 'of_department' && parts.every((part) => part !== undefined) ? parts : undefined;
}
