import {nameOf, type Product} from '../widgets/runtime/nouns';
import {shop} from './state';
import {tagName} from './tags';
import {w} from './words';

/** Three reasons for a product: as the shop published them in the reader's language, else out of its published facts. */
export function points(product: Product): string[] {
  const published = shop.language === 'en' ? product.selling_points_en : product.selling_points;
  if (published?.length) return published.slice(0, 3);
  const made: string[] = [];
  const [scene] = product.scenes ?? [];
  const [main, second] = product.functions ?? [];
  if (scene && main) made.push(w('made_for', {scene: tagName(scene, shop.language), function: tagName(main, shop.language)}));
  const [parameter] = product.parameters ?? [];
  if (parameter) made.push(`${nameOf(parameter, shop.language)} ${parameter.value} ${parameter.unit ?? ''}`.trim());
  if (product.rating !== null) made.push(w('from_buyers', {rating: product.rating.toFixed(1), n: product.ratings}));
  else if (product.pieces) made.push(w('sold', {n: product.pieces}));
  if (made.length < 3 && second) made.push(tagName(second, shop.language));
  return made.slice(0, 3);
}
