import {recall, remember} from './client';
import {kMethods, type Method} from './sandbox';

/** The last address and the method that last paid, kept in this browser for one-click orders. */
export interface Address {
  name: string;
  city: string;
  address: string;
}
const kAddress = 'rapport.address';
const kMethod = 'rapport.method';

export function lastAddress(): Address | undefined {
  try {
    const kept = JSON.parse(recall(kAddress) ?? 'null') as Partial<Address> | null;
    return kept?.name && kept.city && kept.address ? {name: kept.name, city: kept.city, address: kept.address} : undefined;
  } catch {
    return undefined;
  }
}
export function keepAddress(address: Address): void {
  remember(kAddress, JSON.stringify(address));
}
/** The method that last paid here; undefined before the first payment. */
export function lastMethod(): Method | undefined {
  const kept = recall(kMethod);
  return kMethods.find((method) => method === kept);
}
export function keepMethod(method: Method): void {
  remember(kMethod, method);
}
