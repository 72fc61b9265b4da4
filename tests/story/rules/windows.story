# Edges of windows, to the millisecond.
segment away: ever Purchase and no Purchase for 30d

event ada Order Completed {"order_id":"O1","total":500,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":500}]} @2026-01-01T10:00:00Z
ask ada no Purchase for 30d @2026-01-31T09:59:59.999Z
ask ada no Purchase for 30d @2026-01-31T10:00:00Z
ask ada Purchase within 7d @2026-01-01T10:00:00Z
ask ada Purchase within 7d..30d @2026-01-08T09:59:59.999Z
ask ada Purchase within 7d..30d @2026-01-08T10:00:00Z
ask ada ever Purchase @2026-01-01T09:59:59.999Z
ask ada never Purchase @2030-01-01
----
false until 2026-01-31T10:00:00Z
true until never
true until 2026-01-08T10:00:00Z
false until 2026-01-08T10:00:00Z
true until 2026-01-31T10:00:00Z
false until never
false until never

tick @2026-02-15
flips
segments ada
----
2026-01-31T10:00:00Z ada enters away (time)
away since 2026-01-31T10:00:00Z

# A cancelled order is no purchase: whoever had been away never was.
event ada Order Cancelled {"order_id":"O1"} @2026-02-16
flips
ask ada ever Purchase @2026-02-16
ask ada ever Order Completed @2026-02-16
----
2026-02-16 ada leaves away (event)
false until never
true until never
