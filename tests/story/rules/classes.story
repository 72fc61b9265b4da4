# The six classes. What a shop never told cannot be determined.
shipped
event ada User Registered {} @2026-01-01
primary ada
undetermined ada
----
new
potential: no product view facts
high_value: no order facts
churn_risk: no order facts
problem: no contact or complaint facts
seed: no survey facts

# Seven days, three views, nothing bought: potential from the first millisecond of day 7, until day 30.
event ada Product Viewed {"product_id":"P1"} @2026-01-02
event ada Product Viewed {"product_id":"P2"} @2026-01-03
event ada Product Viewed {"product_id":"P3"} @2026-01-20
tick @2026-02-10
flips
primary ada
----
2026-01-01 ada enters new (event)
2026-01-08 ada leaves new (time)
2026-01-20 ada enters potential (event)
2026-01-31 ada leaves potential (time)
other

# High value: two purchases in 30 days, 1000 CNY on average over 365.
event bo Order Completed {"order_id":"B1","total":1500,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":1500}]} @2026-02-10
event bo Order Completed {"order_id":"B2","total":600,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":600}]} @2026-02-20
primary bo
segments bo
tick @2026-03-20
flips
----
high_value
high_value since 2026-02-20
2026-02-20 bo enters high_value (event)
2026-03-12 bo leaves high_value (time)

# Churn risk: bought, away for 30 days, and not content. The moment comes with time alone.
event bo Review Posted {"review_id":"V1","product_id":"P1","rating":2,"text":"滤芯太贵"} @2026-03-21
tick @2026-03-30
flips
primary bo
why bo churn_risk @2026-03-30
----
2026-03-22 bo enters churn_risk (time)
churn_risk
true: segment churn_risk: ever Purchase and no Purchase for 30d and last(Review Posted.rating) <= 3 undetermined if no facts of Order Completed in the shop ("no order facts") undetermined if no facts of Review Posted in the shop ("no rating facts")
  true: ever Purchase and no Purchase for 30d and last(Review Posted.rating) <= 3
    true: ever Purchase [last 2026-02-20T00:00:00Z]  <- Order Completed 2026-02-20
    true: no Purchase for 30d [last 2026-02-20T00:00:00Z]  <- Order Completed 2026-02-20
    true: last(Review Posted.rating) <= 3 [2]  <- Review Posted 2026-03-21

# Problem goes before everything else, for 30 days.
event bo Contact Started {"contact_id":"K1","channel":"chat"} @2026-04-01
primary bo
tick @2026-05-10
flips
primary bo
----
problem
2026-04-01 bo enters problem (event)
2026-05-01 bo leaves problem (time)
churn_risk

# Seed: a promoter who has recommended.
event cy Survey Answered {"survey_id":"nps","answers":[{"item":"nps","value":10}]} @2026-05-11
primary cy
event cy Referral Made {"referred":"phone:13912345678"} @2026-05-12
primary cy
why cy high_value @2026-05-12
----
other
seed
false: segment high_value: count(Purchase) >= 2 in 30d and mean(Purchase.total) >= 1000 CNY | 140 USD | 130 EUR | 110 GBP | 1100 HKD | 4500 TWD | 1100 MOP | 21000 JPY | 190000 KRW | 190 SGD | 210 AUD | 190 CAD | 750 BRL | 12000 INR in 365d undetermined if no facts of Order Completed in the shop ("no order facts")
  false: count(Purchase) >= 2 in 30d and mean(Purchase.total) >= 1000 CNY | 140 USD | 130 EUR | 110 GBP | 1100 HKD | 4500 TWD | 1100 MOP | 21000 JPY | 190000 KRW | 190 SGD | 210 AUD | 190 CAD | 750 BRL | 12000 INR in 365d
    false: count(Purchase) >= 2 in 30d [0]
    false: mean(Purchase.total) >= 1000 CNY | 140 USD | 130 EUR | 110 GBP | 1100 HKD | 4500 TWD | 1100 MOP | 21000 JPY | 190000 KRW | 190 SGD | 210 AUD | 190 CAD | 750 BRL | 12000 INR in 365d [nothing]
