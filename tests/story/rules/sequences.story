# In the cart and not paid within 24 hours.
segment cart: Product Added then not Purchase within 24h in 7d

event ada Product Added {"product_id":"P1","quantity":1} @2026-05-01T08:00:00Z
ask ada Product Added then not Purchase within 24h @2026-05-02T07:59:59.999Z
ask ada Product Added then not Purchase within 24h @2026-05-02T08:00:00Z
----
false until 2026-05-02T08:00:00Z
true until never

event ada Order Completed {"order_id":"O1","total":10,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":10}]} @2026-05-03
flips
ask ada Product Added then not Purchase within 24h @2026-05-03
ask ada Product Added then Purchase within 2d @2026-05-03
ask ada Product Added then Purchase within 30h @2026-05-03
ask ada Product Added then Order Line within 2d by product_id @2026-05-03
ask ada Product Added then Purchase within 2d in 1d @2026-05-03
----
2026-05-02T08:00:00Z ada enters cart (time)
2026-05-03 ada leaves cart (event)
false until never
true until never
false until never
true until never
true until 2026-05-04

# Nobody pays: the segment ends by itself after the outer window.
event bo Product Added {"product_id":"P2","quantity":1} @2026-05-10
tick @2026-06-01
flips
----
2026-05-11 bo enters cart (time)
2026-05-17 bo leaves cart (time)

# Three pages of a form, then nothing.
event cy Form Page Viewed {"form":"open_account","page":1} @2026-05-10T10:00:00Z
event cy Form Page Viewed {"form":"open_account","page":2} @2026-05-10T10:02:00Z
event cy Form Page Viewed {"form":"open_account","page":3} @2026-05-10T10:04:00Z
ask cy Form Page Viewed then Form Page Viewed within 5m then Form Page Viewed within 5m then not Checkout Started within 30m @2026-05-10T10:20:00Z
ask cy Form Page Viewed then Form Page Viewed within 5m then Form Page Viewed within 5m then not Checkout Started within 30m @2026-05-10T10:34:00Z
ask cy Form Page Viewed where page = 3 then Form Page Viewed within 5m @2026-05-10T10:34:00Z
----
false until 2026-05-10T10:34:00Z
true until never
false until never

# Exactly the window later is too late; the same moment is in time.
event dd Product Viewed {"product_id":"P1"} @2026-05-10T10:00:00Z
event dd Product Added {"product_id":"P1","quantity":1} @2026-05-10T10:10:00Z
ask dd Product Viewed then Product Added within 10m @2026-05-11
ask dd Product Viewed then Product Added within 601s @2026-05-11
ask dd Product Viewed then Product Viewed within 1h @2026-05-11
----
false until never
true until never
false until never
