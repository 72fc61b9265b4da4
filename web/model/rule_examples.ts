import type {Key} from '../i18n/en';

/** Rules worth starting from; each is held to the server's grammar by the browser tests. */
export const kRuleExamples: readonly {title: Key; text: string}[] = [
  {title: 'example.cart', text: 'Product Added then not Purchase within 24h in 7d'},
  {title: 'example.looked', text: 'count(Product Viewed) >= 3 in 14d and never Purchase'},
  {title: 'example.slow', text: 'no Purchase for 30d and sum(Purchase.total) >= 5000 CNY in 365d'},
  {title: 'example.single', text: 'trait city_tier = "1" and tag household = "lives alone"'},
  {title: 'example.late', text: 'ever Shipment Updated where node = "exception" and last(Review Posted.rating) <= 3'},
  {title: 'example.warranty', text: 'last Service Bought where service_id = "S-warranty" within 335d..365d and consent marketing by sms'},
];
