/** Which of a question's wordings a reader is shown: the first in the script that he reads, else the first. Pure. */
export function wordingFor(wordings: readonly string[], language: string): string | undefined {
  const chinese = /\p{Script=Han}/u;
  return wordings.find((one) => chinese.test(one) === language.startsWith('zh')) ?? wordings[0];
}
