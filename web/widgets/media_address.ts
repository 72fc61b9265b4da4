/**
 * Where a visitor may be led by what the shop knows: https, or a path on the page's own server. What the server would refuse (a script, an address
 * that only looks like one) is left out here, too.
 */
export function mediaAddress(address: string): string | undefined {
  if (/[\u0000-\u0020\u007f"'<>\\`]/.test(address)) return undefined;
  if (address.startsWith('/')) return address.length > 1 && address[1] !== '/' ? address : undefined;
  if (!address.startsWith('https://') || address[8] === '/') return undefined;
  try {
    const url = new URL(address);
    return url.protocol === 'https:' && url.hostname && !url.username && !url.password ? address : undefined;
  } catch {
    return undefined;
  }
}
