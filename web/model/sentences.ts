/** Fixed sentences of the server in another language: a sentence is known by its words, what was filled in is carried over. */

export type Sentences = readonly (readonly [en: string, hans: string, hant: string])[];

const kSpecial = /[.*+?^$()|[\]\\/-]/g;
const patterns = new WeakMap<Sentences, {pattern: RegExp; line: Sentences[number]}[]>();

function patternsOf(sentences: Sentences) {
  let known = patterns.get(sentences);
  if (!known) {
    // What says most in words of its own is tried first.
    known = [...sentences].sort((a, b) => b[0].replaceAll('{}', '').length - a[0].replaceAll('{}', '').length)
      .map((line) => ({line, pattern: new RegExp(`^${line[0].replace(kSpecial, '\\$&').replaceAll('{}', '(.+?)')}$`, 's')}));
    patterns.set(sentences, known);
  }
  return known;
}

/** In the language's own words, or undefined when it is no sentence that we know. `{}` in a translation takes what came next, `{2}` the second. */
export function sentenceIn(language: string, text: string, sentences: Sentences): string | undefined {
  if (language === 'en') return text;
  for (const {pattern, line} of patternsOf(sentences)) {
    const found = pattern.exec(text);
    if (!found) continue;
    let next = 0;
    return line[language === 'zh-TW' ? 2 : 1].replace(/\{(\d?)\}/g, (_, at: string) => found[at ? Number(at) : ++next] ?? '');
  }
  return undefined;
}
