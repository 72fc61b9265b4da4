event ada Product Viewed {"product_id":"P1","category":"空气净化器","price":699,"currency":"CNY"} @2026-03-01
event ada Product Viewed {"product_id":"P2","category":"空气净化器","price":899,"currency":"CNY"} @2026-03-02
event ada Product Viewed {"product_id":"P1","category":"空气净化器","price":699,"currency":"CNY"} @2026-03-03
ask ada count(Product Viewed) >= 3 in 30d @2026-03-03
ask ada count(Product Viewed) = 2 in 2d @2026-03-03
ask ada distinct(Product Viewed.product_id) >= 2 in 30d @2026-03-03
ask ada count(Product Viewed where price between 500 CNY and 800 CNY) >= 2 @2026-03-03
ask ada count(Product Viewed where product_id in ("P2", "P3")) >= 2 in 7d @2026-03-03
ask ada distinct(Category Met.category) = 1 @2026-03-03
ask ada max(Product Viewed.price) > 800 CNY in 30d @2026-03-03
----
true until 2026-03-31
true until 2026-03-04
true until 2026-04-01
true until never
false until never
true until never
true until 2026-04-01

event bo Order Completed {"order_id":"B1","total":1200,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":1200}]} @2026-03-01
event bo Order Completed {"order_id":"B2","total":800,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":800}]} @2026-03-11
ask bo sum(Purchase.total) >= 1000 CNY | 150 USD in 30d @2026-03-12
ask bo mean(Purchase.total) >= 1000 CNY in 365d @2026-03-12
ask bo mean(Purchase.total) >= 1000.01 CNY in 365d @2026-03-12
ask bo sum(Purchase.total) >= 100 USD in 30d @2026-03-12
ask bo mean(Purchase.total) >= published order_value_p80 CNY @2026-03-12
ask cy sum(Purchase.total) <= 100 CNY @2026-03-12
ask cy mean(Purchase.total) <= 100 CNY @2026-03-12
----
true until 2026-03-31
true until 2027-03-01
false until never
undetermined: no threshold in the currency of these amounts
undetermined: a value is not published
true until never
false until never

event bo Review Posted {"review_id":"V1","product_id":"P1","rating":4.5,"text":"好"} @2026-03-20
event bo Review Posted {"review_id":"V2","product_id":"P1","rating":2,"text":"坏"} @2026-03-21
ask bo last(Review Posted.rating) <= 3 @2026-03-20
ask bo last(Review Posted.rating) <= 3 @2026-03-21
ask bo last(Review Posted.rating) <= 3 in 7d @2026-03-21
ask bo mean(Review Posted.rating) = 3.25 @2026-03-21
ask bo first(Review Posted.rating) > 4 in 7d @2026-03-21
----
false until never
true until never
true until 2026-03-28
true until never
true until 2026-03-27

event di Survey Answered {"survey_id":"q3","answers":[{"item":"nps","value":9},{"item":"csat","value":3}]} @2026-03-20
ask di last(Survey Answered.value where item = "nps") >= 9 @2026-03-20
ask di last(Survey Answered.value where item = "csat") >= 9 @2026-03-20
----
true until never
false until never

event di Ticket Opened {"ticket_id":"T1","class":"logistics"} @2026-03-21
event di Ticket Updated {"ticket_id":"T1","state":"closed"} @2026-03-25
event di Tier Changed {"tier":"gold"} @2026-03-25
event di Points Changed {"delta":120,"reason":"order"} @2026-03-25
event di Points Changed {"delta":-20,"reason":"coupon"} @2026-03-26
ask di ever Ticket Opened where class in ("logistics", "product") @2026-03-25
ask di last(Ticket Updated.state) = "closed" @2026-03-25
ask di last(Tier Changed.tier) = "gold" @2026-03-25
ask di sum(Points Changed.delta) = 100 in 30d @2026-03-26
----
true until never
true until never
true until never
true until 2026-04-24
