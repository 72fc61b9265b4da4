import {noChange} from 'lit';
import {Directive, directive, type ElementPart, type PartInfo, PartType} from 'lit/directive.js';

/** Sets custom properties of an element by script, which a strict style policy allows where style attributes are not. */
class CssVars extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('cssVars stands in a tag');
  }
  render(_vars: Record<string, string | number>): unknown {
    return noChange;
  }
  override update(part: ElementPart, [vars]: [Record<string, string | number>]): unknown {
    const style = (part.element as HTMLElement).style;
    for (const [name, value] of Object.entries(vars)) style.setProperty(name, String(value));
    return noChange;
  }
}

/** `<i ${cssVars({'--share': '40%'})}></i>` */
export const cssVars = directive(CssVars);
