import type {ElementLanguage, Words} from '../widgets/runtime/words';

/** A story of the guided tour is a data file (`stories/*.json`); this is its shape. Pure. */
export type Said = readonly [zhCN: string, zhTW: string, en: string];

export interface Step {
  /** The address of the screen; without one and without `follow`, the screen of the step before. */
  path?: string;
  /** Or: where the first link that fits leads, found on the screen of the step before. */
  follow?: string;
  /** What is pointed at; `a >>> b` looks for b inside the shadow of a. */
  target?: string;
  title: Said;
  text: Said;
}

export interface Story {
  id: string;
  /** Which of the two windows it plays in. */
  where: 'console' | 'shop';
  order: number;
  title: Said;
  about: Said;
  steps: Step[];
}

export type ChromeKey = 'tour' | 'step' | 'next' | 'back' | 'end' | 'close' | 'show' | 'nobody' | 'again' | 'choose';
export const kChrome: Words<ChromeKey> = {
  tour: ['导览', '導覽', 'Guided tour'],
  step: ['第 {at} 步，共 {of} 步', '第 {at} 步，共 {of} 步', 'Step {at} of {of}'],
  next: ['下一步', '下一步', 'Next'],
  back: ['上一步', '上一步', 'Back'],
  end: ['看完了', '看完了', 'Done'],
  close: ['结束导览', '結束導覽', 'End the tour'],
  show: ['到所指之处', '到所指之處', 'Go to what is meant'],
  nobody: ['眼下没有例子可看：正好没有人处在这种情况。可以继续，或者晚些再看。', '眼下沒有例子可看：正好沒有人處在這種情況。可以繼續，或者晚些再看。',
    'There is no example to look at just now: nobody happens to be in this situation. Go on, or come back later.'],
  again: ['回到这一步的画面', '回到這一步的畫面', 'Back to this step’s screen'],
  choose: ['选一个故事', '選一個故事', 'Choose a story'],
};

export const saidIn = (said: Said, language: ElementLanguage): string => said[language === 'en' ? 2 : language === 'zh-TW' ? 1 : 0];

const files = import.meta.glob<Story>('./stories/*.json', {import: 'default', eager: true});

/** All of them, in their order. */
export const stories: readonly Story[] = Object.values(files).sort((a, b) => a.order - b.order);
export const storyOf = (id: string): Story | undefined => stories.find((story) => story.id === id);

/** The element that a target names, through shadows; undefined when it is not there or not shown. */
export function pointed(root: ParentNode, target: string): HTMLElement | undefined {
  const [first, ...inner] = target.split('>>>').map((part) => part.trim());
  for (const host of root.querySelectorAll<HTMLElement>(first!)) {
    const found = inner.length === 0 ? host : host.shadowRoot ? pointed(host.shadowRoot, inner.join('>>>')) : undefined;
    if (found && (typeof found.checkVisibility !== 'function' || found.checkVisibility())) return found;
  }
  return undefined;
}
