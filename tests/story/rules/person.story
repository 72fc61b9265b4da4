# Traits, consent, services, segments of segments.
segment metropolitan: trait city_tier = "1"
segment keen: count(Product Viewed) >= 2 in 1d
segment reachable: in segment metropolitan and in segment keen and consent marketing by sms

identify ada {"city_tier":"1","job":"teacher","birth_month":3} @2026-01-01
event ada Consent Updated {"purpose":"marketing","channel":"sms","granted":true} @2026-01-02
event ada Product Viewed {"product_id":"P1"} @2026-01-03T00:00:00Z
event ada Product Viewed {"product_id":"P1"} @2026-01-03T06:00:00Z
tick @2026-01-10
flips
ask ada trait job in ("teacher", "nurse") and has trait city_tier and not has trait region @2026-01-03
ask ada trait birth_month between 3 and 5 @2026-01-03
ask ada consent marketing @2026-01-03
ask ada consent marketing by phone @2026-01-03
----
2026-01-01 ada enters metropolitan (event)
2026-01-03T06:00:00Z ada enters keen (event)
2026-01-03T06:00:00Z ada enters reachable (event)
2026-01-04 ada leaves keen (time)
2026-01-04 ada leaves reachable (time)
true until never
true until never
true until never
false until never

event ada Consent Updated {"purpose":"marketing","channel":"sms","granted":false} @2026-01-11
ask ada consent marketing by sms @2026-01-11
ask ada consent marketing by sms @2026-01-10
----
false until never
true until never

event bo Service Bought {"service_id":"S-warranty","price":99,"until":"2026-03-01T00:00:00Z"} @2026-02-01
event bo Service Bought {"service_id":"S-advice","price":10} @2026-02-01
event bo Service Lapsed {"service_id":"S-advice"} @2026-02-05
ask bo holds service "S-warranty" @2026-02-02
ask bo holds service "S-warranty" @2026-03-01
ask bo holds service "S-advice" @2026-02-04
ask bo holds service "S-advice" @2026-02-05
ask bo holds any service @2026-02-06
ask bo holds service "S-unknown" @2026-02-06
----
true until 2026-03-01
false until never
true until never
false until never
true until 2026-03-01
false until never
