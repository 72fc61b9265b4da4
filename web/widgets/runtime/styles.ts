import {css} from 'lit';

/** The kit inside every element. A shop dresses it by the custom properties `--rapport-*`. */
export const kit = css`
  :host {
    --accent: var(--rapport-accent, light-dark(#0b655d, #63cdbc));
    --accent-ink: var(--rapport-accent-ink, light-dark(#fff, #04211d));
    --ink: var(--rapport-ink, light-dark(#1a1e22, #e8eaec));
    --soft: var(--rapport-soft, light-dark(#555d67, #a3acb5));
    --line: var(--rapport-line, light-dark(#dedbd3, #333a40));
    --surface: var(--rapport-surface, light-dark(#fff, #1a1e21));
    --tint: var(--rapport-tint, light-dark(#e6f2ef, #17352f));
    --bad: light-dark(#a8262e, #f28b8b);
    --good: light-dark(#1d6b3a, #74cf95);
    --star: light-dark(#8a5300, #e9b55c);
    display: block; color: var(--ink); font: inherit; line-height: 1.55; overflow-wrap: anywhere; text-align: start;
  }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
  ul, ol { list-style: none; }
  h2 { font-size: 1.125em; line-height: 1.35; }
  h3 { font-size: 1em; line-height: 1.4; }
  button, input, textarea, select { font: inherit; color: inherit; }
  button { min-height: 44px; padding: 8px 18px; border-radius: 999px; border: 1px solid var(--line); background: var(--surface); cursor: pointer; font-weight: 600; }
  button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
  button.link { border: 0; background: none; color: var(--accent); padding-inline: 4px; font-weight: 500; text-decoration: underline; text-underline-offset: 3px; }
  button:disabled { opacity: .55; cursor: default; }
  button:hover:not(:disabled) { filter: brightness(1.05); }
  input:not([type=radio]), textarea, select { width: 100%; min-height: 44px; padding: 9px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--surface); }
  textarea { min-height: 88px; resize: vertical; }
  label { display: block; font-size: .9375em; }
  label > span { display: block; color: var(--soft); font-size: .9em; margin-bottom: 3px; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 10px; }
  .stack { display: grid; gap: 14px; }
  .row { display: flex; gap: 10px; flex-wrap: wrap; align-items: center; }
  .soft { color: var(--soft); } .small { font-size: .875em; } .bad { color: var(--bad); } .good { color: var(--good); }
  .card { background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 16px; }
  .note { background: var(--tint); border-radius: 10px; padding: 10px 14px; font-size: .9375em; }
  .star { color: var(--star); letter-spacing: 1px; white-space: nowrap; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
