// @segment/analytics-next in a page (jsdom): loads its settings from us, then sends what a page sends.
// Prints one JSON line: {"statuses": [...], "paths": [...]}.
import { JSDOM } from "jsdom";

const [host, writeKey, user] = process.argv.slice(2);
const page = new JSDOM("<!doctype html><title>Shop</title><body></body>", {
  url: "https://shop.example/products/p1?utm_source=mail",
  referrer: "https://search.example/",
  pretendToBeVisual: true,
});
const { window } = page;
for (const name of ["window", "document", "navigator", "location", "localStorage", "sessionStorage", "screen", "history",
  "CustomEvent", "Event", "HTMLElement", "Node", "XMLHttpRequest"]) {
  Object.defineProperty(globalThis, name, { value: name === "window" ? window : window[name], configurable: true, writable: true });
}

// The page's own fetch, with the headers a browser adds, so that cross-origin rules are put to the test.
const statuses = [];
const paths = [];
const realFetch = globalThis.fetch;
const pageFetch = async (url, options = {}) => {
  const headers = { ...(options.headers ?? {}), Origin: "https://shop.example" };
  const response = await realFetch(String(url), { method: options.method, body: options.body, headers });
  if (response.headers.get("access-control-allow-origin") !== "*") throw new TypeError("blocked by the browser");
  statuses.push(response.status);
  paths.push(new URL(String(url)).pathname);
  return response;
};
globalThis.fetch = pageFetch;
window.fetch = pageFetch;

const { AnalyticsBrowser } = await import("@segment/analytics-next");
const analytics = new AnalyticsBrowser();
analytics.load({ writeKey, cdnURL: host });
await analytics.page();
await analytics.identify(user, { email: `${user}@example.cn`, city: "杭州" });
await analytics.track("Product Viewed", { product_id: "P1", price: 899.5 });
await analytics.track("Product Added", { product_id: "P1", quantity: 2 });
await analytics.group("g-1", { name: "Firm" });
await analytics.alias(`new-${user}`, user);
const until = Date.now() + 15000;
while (paths.filter((path) => path !== `/v1/projects/${writeKey}/settings`).length < 6 && Date.now() < until) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
console.log(JSON.stringify({ statuses, paths }));
process.exit(0);
