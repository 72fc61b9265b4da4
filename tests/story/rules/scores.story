event ada Order Completed {"order_id":"O1","total":1798,"currency":"CNY","products":[{"product_id":"P1","quantity":2,"price":899}]} @2026-01-01
scores ada @2026-01-01
scores ada @2026-04-01
scores nobody @2026-04-01
----
value 32
  8 spent: 1798.00 CNY in 365 days
  4 orders: 1 purchases in 365 days
  20 recency: last purchase 2026-01-01T00:00:00Z
urgency 0
value 22
  8 spent: 1798.00 CNY in 365 days
  4 orders: 1 purchases in 365 days
  10 recency: last purchase 2026-01-01T00:00:00Z
urgency 10
  10 slowing: no purchase since 2026-01-01T00:00:00Z
value 0
urgency 0

event bo Ticket Opened {"ticket_id":"T1","class":"logistics"} @2026-01-01
event bo Review Posted {"review_id":"V1","product_id":"P1","rating":1,"text":"慢"} @2026-01-02
event bo Shipment Updated {"order_id":"O9","node":"signed","delivered_late":true} @2026-01-02
event bo Payment Failed {"order_id":"O10","method":"card","code":"limit"} @2026-01-02
event bo Product Added {"product_id":"P1","quantity":1} @2026-01-01
scores bo @2026-01-02
event bo Ticket Updated {"ticket_id":"T1","state":"solved"} @2026-01-03
scores bo @2026-01-16
----
value 0
urgency 100
  34 contact: last 2026-01-01T00:00:00Z
  25 unsolved: 1 tickets not solved
  20 rating: last rating 1
  10 late: a parcel came late 2026-01-02T00:00:00Z
  10 cart: in the cart and not bought since 2026-01-01T00:00:00Z
  15 payment: payment failed 2026-01-02T00:00:00Z
  -14 limit: a score ends at 100
value 0
urgency 48
  18 contact: last 2026-01-01T00:00:00Z
  20 rating: last rating 1
  10 late: a parcel came late 2026-01-02T00:00:00Z
