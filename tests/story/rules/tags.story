noun Product Published {"product_id":"P1","name":"Mistral","category":"空气净化器","brand":"Mistral","scene":"母婴","function":"静音","price":699,"currency":"CNY"} @2026-01-01
noun Product Published {"product_id":"P2","name":"Moka","category":"咖啡机","price":1299,"currency":"CNY"} @2026-01-01
identify ada {"city_tier":"1","age_band":"25-35"} @2026-01-02
identify ada {"city_tier":"2"} @2026-01-05
event ada Product Viewed {"product_id":"P2"} @2026-01-10T12:30:00Z
event ada Order Completed {"order_id":"O1","total":699,"currency":"CNY","products":[{"product_id":"P1","quantity":1,"price":699}]} @2026-01-10T13:00:00Z
event ada Need Predicted {"need":"coffee set","strength":0.82,"until":"2026-02-01T00:00:00Z"} @2026-01-11
tags ada @2026-01-12
----
base age_band = "25-35" 1000 since 2026-01-02 (trait)
base city_tier = "2" 1000 since 2026-01-05 (trait)
behaviour category = "空气净化器" 833 since 2026-01-10T13:00:00Z (facts)
behaviour brand = "Mistral" 1000 since 2026-01-10T13:00:00Z (facts)
behaviour scene = "母婴" 1000 since 2026-01-10T13:00:00Z (facts)
behaviour function = "静音" 1000 since 2026-01-10T13:00:00Z (facts)
behaviour price_band = "500-800" 833 since 2026-01-10T13:00:00Z (facts)
behaviour active_hours = "12-15 UTC" 1000 since 2026-01-10T12:30:00Z (facts)
behaviour recency = "0-7d" 1000 since 2026-01-10T13:00:00Z until 2026-01-17T13:00:00Z (facts)
behaviour frequency = "1" 1000 since 2026-01-10T13:00:00Z until 2027-01-10T13:00:00Z (facts)
behaviour monetary = "500-1000 CNY" 1000 since 2026-01-10T13:00:00Z until 2027-01-10T13:00:00Z (facts)
need need = "coffee set" 820 since 2026-01-11 until 2026-02-01 (Need Predicted)

ask ada tag category = "空气净化器" with strength >= 0.5 @2026-01-12
ask ada tag recency = "0-7d" @2026-01-12
ask ada tag recency = "7-30d" @2026-01-12
ask ada has tag need with strength >= 0.9 @2026-01-12
ask ada has tag need @2026-02-01
ask ada tag city_tier in ("1", "2") @2026-01-12
----
true until 2026-01-12T01:00:00Z
true until 2026-01-17T13:00:00Z
false until 2026-01-17T13:00:00Z
false until 2026-02-01
false until never
true until never

tag ada category @2026-01-12
tag ada recency @2026-01-12
tag ada categori @2026-01-12
----
"空气净化器" 833
bought 5, in the cart 3, liked or wished 2, viewed 1; the event's own word counts 1.5; half-life 90 days: weight 5.935 in all
"空气净化器": weight 4.946  <- part 2026-01-10T13:00:00Z
"咖啡机": weight 0.989  <- Product Viewed 2026-01-10T12:30:00Z
"0-7d" 1000
time since the last purchase that was not cancelled: 2026-01-10T13:00:00Z  <- Order Completed 2026-01-10T13:00:00Z
error: there is no tag 'categori' (at tag; expected 'category'?)

# Half a year later the view weighs a quarter; shares keep, bands move on by themselves.
tag ada category @2026-07-09T13:00:00Z
tags nobody @2026-01-12
----
"空气净化器" 833
bought 5, in the cart 3, liked or wished 2, viewed 1; the event's own word counts 1.5; half-life 90 days: weight 1.5 in all
"空气净化器": weight 1.25  <- part 2026-01-10T13:00:00Z
"咖啡机": weight 0.25  <- Product Viewed 2026-01-10T12:30:00Z
