import {bad, good, type Result} from './result';

/** Changing which column becomes what in a recipe's text. Pure. */

const kIdentifiers = ['user_id', 'anonymous_id', 'email', 'phone', 'member_id', 'device_id', 'openid', 'unionid'] as const;

/** What a column can be mapped to by hand; the recipe's text can say more. */
export const kMappable: readonly string[] = [...kIdentifiers, 'time', 'order_id', 'total', 'product_id', 'quantity', 'price', 'currency', 'category', 'channel', 'region',
  'rating', 'text', 'name', 'gender', 'city', 'reason', 'freight', 'discount', 'method'];

const kOfLines = new Set(['product_id', 'quantity', 'price']);

interface Recipe {
  events?: {identifiers?: Record<string, unknown>; properties?: Record<string, unknown>; traits?: Record<string, unknown>; time?: unknown; [more: string]: unknown}[];
}

/** Whether a mapping's expression is just that column. */
function isColumn(expression: unknown, column: string): boolean {
  if (expression === column) return true;
  return typeof expression === 'object' && expression !== null && (expression as {column?: unknown}).column === column;
}

/** The recipe with `column` mapped to `property` ("" = to nothing) in its first event; before it was mapped to `before`. */
export function recipeWith(text: string, column: string, property: string, before: string): Result<string> {
  let recipe: Recipe;
  try {
    recipe = JSON.parse(text) as Recipe;
  } catch (cause) {
    return bad({code: 'unreadable', status: 0, detail: String(cause)});
  }
  const event = recipe.events?.[0];
  if (!event) return bad({code: 'unreadable', status: 0, detail: 'the recipe has no event'});
  const lines = event.properties?.['products'] as Record<string, unknown> | undefined;
  for (const group of [event.identifiers, event.properties, event.traits, lines]) {
    if (!group) continue;
    for (const [name, expression] of Object.entries(group)) {
      if (isColumn(expression, column) && (name === before || !before)) delete group[name];
    }
  }
  if (property === 'time') event.time = {column};
  else if ((kIdentifiers as readonly string[]).includes(property)) event.identifiers = {...event.identifiers, [property]: column};
  else if (kOfLines.has(property) && lines) lines[property] = column;
  else if (property) event.properties = {...event.properties, [property]: column};
  return good(JSON.stringify(recipe, null, 2));
}
