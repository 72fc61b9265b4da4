// @segment/analytics-node as a shop's server would use it. Prints one JSON line: {"sent": n, "failed": [...]}.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, user] = process.argv.slice(2);
const analytics = new Analytics({ writeKey, host, flushAt: 7, maxRetries: 0 });
const failed = [];
let sent = 0;
analytics.on("error", (error) => failed.push(String(error.reason ?? error.code)));
const done = (error) => {
  if (error) failed.push(String(error));
  else sent += 1;
};

analytics.identify({ userId: user, traits: { email: `${user}@example.cn`, city: "杭州", plan: { tier: "gold" } } }, done);
analytics.track(
  { userId: user, anonymousId: `anon-${user}`, event: "Product Viewed", properties: { product_id: "P1", price: 899.5 } },
  done,
);
analytics.track(
  {
    userId: user,
    event: "Order Completed",
    timestamp: new Date("2026-01-05T08:00:00Z"),
    properties: {
      order_id: "O-1",
      total: 11.5,
      currency: "CNY",
      products: [{ product_id: "P1", quantity: 1, price: 11.5 }],
    },
  },
  done,
);
analytics.page({ userId: user, name: "Home", properties: { path: "/" } }, done);
analytics.screen({ userId: user, name: "Cart" }, done);
analytics.group({ userId: user, groupId: "g-1", traits: { name: "Firm" } }, done);
analytics.alias({ userId: user, previousId: `old-${user}` }, done);
for (let i = 0; i < 20; i += 1) {
  analytics.track({ userId: user, event: `Own Event ${i % 3}`, properties: { i } }, done);
}
await analytics.closeAndFlush({ timeout: 20000 });
console.log(JSON.stringify({ sent, failed }));
