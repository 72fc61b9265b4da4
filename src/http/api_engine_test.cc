// The API over a real engine, in process: every answer is held to the schema that /openapi.json gives for it.

#include <future>
#include <thread>

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

TEST_F(ApiOverEngine, TakesEventsAndTellsWhatBecameOfThem) {
  const std::string body =
      R"({"batch":[{"type":"track","event":"Product Viewed","userId":"ada","messageId":"m1","properties":{"product_id":"P1"}},)"
      R"({"type":"track","event":"Product Viewed","userId":"ada","messageId":"m2"},)"
      R"({"type":"identify","userId":"ada","messageId":"m3","traits":{"email":"ada@x.cn","city":"杭州"}}]})";
  const auto first = send("POST", "/v1/batch", ingest_, body);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(text(first, "accepted"), "2");
  EXPECT_EQ(text(first, "rejected"), "1");
  EXPECT_EQ(text(first, "dead_letters"), "/v1/dead-letters");
  EXPECT_EQ(first.header("x-log-offset"), text(first, "offset"));
  const auto again = send("POST", "/v1/batch", ingest_, body);
  EXPECT_EQ(text(again, "duplicate"), "2");
  const auto good =
      send("POST", "/v1/track", ingest_, R"({"userId":"ada","event":"Own Event","messageId":"m4"})");
  EXPECT_EQ(good.body.find("dead_letters"), std::string::npos) << good.body;

  const auto customer =
      send("GET", "/v1/customers/email:ada@x.cn", admin_, "", {{"X-Log-Offset", text(first, "offset")}});
  EXPECT_EQ(customer.status, 200) << customer.body;
  EXPECT_NE(customer.body.find("ada@x.cn"), std::string::npos);
  EXPECT_EQ(text(customer, "id"), "c_1");
  // Without the right to see personal parts the values are hidden.
  const auto hidden = send("GET", "/v1/customers/ada", read_);
  EXPECT_EQ(hidden.status, 200);
  EXPECT_EQ(hidden.body.find("ada@x.cn"), std::string::npos) << hidden.body;
  EXPECT_EQ(send("GET", "/v1/customers/nobody", read_).status, 404);

  const auto timeline = send("GET", "/v1/customers/ada/timeline?limit=5", admin_);
  EXPECT_NE(timeline.body.find("Product Viewed"), std::string::npos) << timeline.body;

  const auto letters = send("GET", "/v1/dead-letters", admin_);
  EXPECT_NE(letters.body.find("properties.product_id"), std::string::npos) << letters.body;
  const auto redriven = send("POST", "/v1/dead-letters/redrive", admin_);
  EXPECT_EQ(redriven.status, 200) << redriven.body;
  EXPECT_EQ(text(redriven, "accepted"), "0");
}

TEST_F(ApiOverEngine, DeadLettersThatAreEventsNowAreClosedAndTheOthersKeepTheirReason) {
  // What an older catalogue refused, one that is still wrong, and one of a person erased since.
  const auto letter = [](std::string user, std::string id, std::string properties) {
    return model::RejectedEvent{
        0, Error{Errc::bad_input, "refused by an older release", "properties.product_id"},
        fmt::format(
            R"({{"type":"track","userId":"{}","event":"Product Viewed","messageId":"{}","properties":{{{}}}}})",
            user, id, properties)};
  };
  const auto liked = send("POST", "/v1/track", ingest_,
                          R"({"userId":"gone","event":"Product Liked","messageId":"g1",)"
                          R"("properties":{"product_id":"P1"}})");
  const Headers known_at = {{"X-Log-Offset", text(liked, "offset")}};
  ASSERT_EQ(send("DELETE", "/v1/customers/gone", admin_, "", known_at).status, 200);
  engine::IngestRequest request;
  request.rejected = {letter("ada", "d1", R"("product_id":"P1")"), letter("ada", "d2", ""),
                      letter("gone", "d3", R"("product_id":"P1")")};
  std::promise<void> taken;
  engine_->ingest(shop_, std::move(request), [&](const auto&) { taken.set_value(); });
  taken.get_future().wait();

  const auto first = send("POST", "/v1/dead-letters/redrive", admin_);
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(text(first, "accepted"), "1") << first.body;
  EXPECT_EQ(text(first, "suppressed"), "1");
  EXPECT_EQ(text(first, "closed"), "2");
  EXPECT_EQ(text(first, "still_wrong"), "1");
  const auto left = send("GET", "/v1/dead-letters", admin_).body;
  EXPECT_EQ(left.find("d1"), std::string::npos) << left;
  EXPECT_EQ(left.find("d3"), std::string::npos) << "nothing of an erased person stays: " << left;
  EXPECT_NE(left.find("refused by an older release"), std::string::npos) << left;
  EXPECT_NE(left.find("d2"), std::string::npos);
  const auto again = send("POST", "/v1/dead-letters/redrive", admin_);
  EXPECT_EQ(text(again, "accepted"), "0") << again.body;
  EXPECT_EQ(text(again, "closed"), "0");
  EXPECT_EQ(text(again, "still_wrong"), "1");
}

/// A picture of one grey pixel in PNG's fewest chunks; checksums are not looked at.
std::string tiny_png(std::uint8_t grey) {
  const auto chunk = [](std::string name, std::string body) {
    std::string size = {0, 0, 0, static_cast<char>(body.size())};
    return size + name + body + "crc!";
  };
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string("\0\0\0\1\0\0\0\1\x08\0\0\0\0", 13)) +
         chunk("IDAT", std::string(3, static_cast<char>(grey))) + chunk("IEND", "");
}

TEST_F(ApiOverEngine, APublicKeySendsFewPicturesOfItsOwnVisitor) {
  const std::string visitor = "anonymous_id:0123456789abcdef0123";
  const auto viewed = send(
      "POST", "/v1/track", public_,
      R"({"anonymousId":"0123456789abcdef0123","event":"Product Viewed","messageId":"v1","properties":{"product_id":"P1"}})");
  ASSERT_EQ(viewed.status, 200) << viewed.body;
  const Headers folded = {{"X-Log-Offset", std::string(viewed.header("x-log-offset"))}};
  ASSERT_EQ(send("GET", "/v1/customers/" + visitor, admin_, "", folded).status, 200);
  const std::string target = "/v1/files?subject=" + visitor;
  EXPECT_EQ(send("POST", "/v1/files?subject=ada", public_, tiny_png(1)).status, 403) << "somebody else's";
  EXPECT_EQ(send("POST", "/v1/files?subject=anonymous_id:guessable", public_, tiny_png(1)).status, 403);
  EXPECT_EQ(send("POST", target, public_, "words, words").status, 403) << "a transcript is no picture";
  EXPECT_EQ(send("POST", target, public_, std::string((4 << 20) + 1, 'x')).status, 413);
  const auto kept = send("POST", target, public_, tiny_png(1));
  ASSERT_EQ(kept.status, 200) << kept.body;
  EXPECT_EQ(text(kept, "type"), "image/png");
  EXPECT_EQ(send("GET", "/v1/files/" + text(kept, "hash"), public_).status, 403);
  EXPECT_EQ(send("GET", "/v1/files/" + text(kept, "hash"), admin_).body, tiny_png(1));

  int taken = 0, told_to_wait = 0;
  for (std::uint8_t colour = 2; colour < 22; ++colour) {
    const int status = send("POST", target, public_, tiny_png(colour)).status;
    taken += status == 200;
    told_to_wait += status == 429;
  }
  EXPECT_GT(taken, 0);
  EXPECT_GT(told_to_wait, 5) << "twelve at once, then one every ten seconds";
  EXPECT_EQ(send("POST", target, ingest_, tiny_png(30)).status, 200) << "a server's key is not held to it";
}

TEST_F(ApiOverEngine, FilesAndValuesComeInByTheirRoles) {
  const auto liked =
      send("POST", "/v1/track", ingest_,
           R"({"userId":"ada","event":"Product Liked","messageId":"f1","properties":{"product_id":"P1"}})");
  // A file is somebody's: she must be folded before it comes.
  const Headers folded = {{"X-Log-Offset", std::string(liked.header("x-log-offset"))}};
  ASSERT_EQ(send("GET", "/v1/customers/ada", admin_, "", folded).status, 200);
  const auto put = send("POST", "/v1/files?subject=ada", ingest_, "\xe8\xbd\xac\xe5\x86\x99: too loud");
  ASSERT_EQ(put.status, 200) << put.body;
  EXPECT_EQ(text(put, "type"), "text/plain; charset=utf-8");
  const std::string target = "/v1/files/" + text(put, "hash");
  EXPECT_EQ(send("GET", target, read_).status, 403);
  EXPECT_EQ(send("GET", target, public_).status, 403);
  const auto got = send("GET", target, admin_);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "\xe8\xbd\xac\xe5\x86\x99: too loud");
  EXPECT_EQ(got.header("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(got.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(send("POST", "/v1/files", ingest_, "x").status, 400) << "whose?";
  EXPECT_EQ(send("POST", "/v1/files?subject=nobody", ingest_, "x").status, 404);

  const auto value = send("POST", "/v1/values", admin_, R"({"name":"season","value":3})");
  EXPECT_EQ(value.status, 200) << value.body;
  EXPECT_EQ(send("POST", "/v1/values", read_, R"({"name":"season","value":3})").status, 403);
  EXPECT_EQ(send("POST", "/v1/values", admin_, R"({"name":"season"})").status, 400);
  EXPECT_EQ(send("POST", "/v1/values", admin_, R"({"name":"p","order_value_quantile":2})").status, 400);
  EXPECT_EQ(send("POST", "/v1/values", admin_, R"({"name":"p","order_value_quantile":0.9})").status, 409);
  EXPECT_EQ(send("GET", "/v1/erasures", read_).status, 403);
  EXPECT_EQ(send("GET", "/v1/erasures", admin_).status, 200);
}

TEST_F(ApiOverEngine, RefusesAWrongEnvelopeAndTakesNothing) {
  EXPECT_EQ(send("POST", "/v1/batch", ingest_, "{").status, 400);
  EXPECT_EQ(send("POST", "/v1/batch", ingest_, R"({"batch":3})").status, 400);
  EXPECT_EQ(send("POST", "/v1/batch", "", R"({"batch":[]})").status, 401);
  EXPECT_EQ(send("POST", "/v1/batch", "nokey", R"({"batch":[]})").status, 401);
  EXPECT_EQ(send("POST", "/v1/track", read_, R"({"userId":"a","event":"X"})").status, 403);
  EXPECT_EQ(send("GET", "/v1/customers/ada", ingest_).status, 403);
  EXPECT_EQ(send("DELETE", "/v1/customers/ada", read_).status, 403);
  EXPECT_EQ(send("GET", "/v1/track", ingest_).status, 405);
  EXPECT_EQ(send("GET", "/v1/nowhere", admin_).status, 404);
  EXPECT_EQ(send("GET", "/v1/customers/ada?at=yesterday", admin_).status, 400);
  const auto large =
      send("POST", "/v1/track", ingest_, R"({"userId":"a","event":")" + std::string(33 * 1024, 'x') + "\"}");
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.header("content-type"), "application/problem+json");
  auto closed = client_->call(
      {"POST", "/v1/batch", {{"Authorization", basic_authorization(ingest_)}}, std::string(600 * 1024, ' ')});
  EXPECT_TRUE(!closed.ok() || closed->status == 413);
  const auto metrics = engine_->metrics();
  EXPECT_EQ(metrics.shops[0].accepted, 0u);
}

TEST_F(ApiOverEngine, ServesBrowsers) {
  const Headers page = {{"Origin", "https://shop.example"}, {"Content-Type", "text/plain"}};
  const std::string beacon = R"({"event":"X","anonymousId":"a-1","writeKey":")" + public_ + "\"}";
  const auto taken = send("POST", "/v1/t", "", beacon, page);
  EXPECT_EQ(taken.status, 200) << taken.body;
  EXPECT_EQ(taken.header("access-control-allow-origin"), "*");
  // A secret key has no business in a web page.
  EXPECT_EQ(
      send("POST", "/v1/t", "", R"({"event":"X","anonymousId":"a","writeKey":")" + ingest_ + "\"}", page)
          .status,
      403);
  auto asked = client_->call({"OPTIONS",
                              "/v1/t",
                              {{"Origin", "https://shop.example"}, {"Access-Control-Request-Method", "POST"}},
                              ""});
  EXPECT_EQ(asked->status, 204);
  EXPECT_EQ(asked->header("access-control-allow-origin"), "*");
  asked = client_->call({"OPTIONS", "/v1/customers/ada", {{"Origin", "https://shop.example"}}, ""});
  EXPECT_EQ(asked->status, 403);
  EXPECT_EQ(asked->header("access-control-allow-origin"), "");
  const auto settings =
      send("GET", "/v1/projects/" + public_ + "/settings", "", "", {{"Host", "shop.example"}});
  EXPECT_EQ(settings.status, 200);
  EXPECT_NE(settings.body.find(public_), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/projects/nokey/settings", "").status, 404);
}

TEST_F(ApiOverEngine, LetsKeysAndWebhooksBeManaged) {
  const auto made = send("POST", "/v1/keys", admin_, R"({"role":"ingest","label":"shop"})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(send("POST", "/v1/track", text(made, "key"), R"({"userId":"a","event":"X"})").status, 200);
  EXPECT_EQ(send("POST", "/v1/keys", admin_, R"({"role":"king"})").status, 400);
  const auto refused = send("POST", "/v1/keys", read_, R"({"role":"admin"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(text(refused, "expected"), "the permission administer: a key of role admin") << refused.body;
  const auto keys = send("GET", "/v1/keys", admin_);
  EXPECT_EQ(keys.body.find(admin_), std::string::npos);
  EXPECT_EQ(send("DELETE", "/v1/keys/999999", admin_).status, 404);
  const auto hook = send("POST", "/v1/webhooks", admin_, R"({"url":"https://shop.example/h"})");
  EXPECT_EQ(hook.status, 201) << hook.body;
  EXPECT_TRUE(text(hook, "secret").starts_with("whsec_"));
  EXPECT_NE(send("POST", "/v1/webhooks", admin_, R"({"url":"http://127.0.0.1/h"})").status, 201);
  const auto typo =
      send("POST", "/v1/webhooks", admin_, R"({"url":"https://shop.example/h","event":["seed"]})");
  EXPECT_EQ(typo.status, 400) << typo.body;
  EXPECT_EQ(text(typo, "where"), "event") << typo.body;
  EXPECT_EQ(send("GET", "/v1/webhooks", admin_).status, 200);
  EXPECT_EQ(send("POST", "/v1/webhooks/redrive", admin_).status, 200);
  const std::string id = (send("GET", "/v1/webhooks", admin_), text(hook, "id"));
  EXPECT_EQ(send("DELETE", "/v1/webhooks/" + id, admin_).status, 204);
}

TEST_F(ApiOverEngine, StudiesTheShopsFacts) {
  std::string batch = R"({"batch":[)";
  for (int i = 0; i < 60; ++i) {
    batch += fmt::format(
        R"({}{{"type":"track","event":"Survey Answered","userId":"u{}","properties":{{"survey_id":"nps","answers":[{{"item":"nps","value":{}}}]}}}})",
        i == 0 ? "" : ",", i, i % 11);
  }
  ASSERT_EQ(text(send("POST", "/v1/batch", ingest_, batch + "]}"), "accepted"), "60");
  EXPECT_NE(send("GET", "/v1/studies", read_).body.find(R"("name":"alpha")"), std::string::npos);

  const std::string asked =
      R"({"sql":"SELECT value AS score FROM survey_answers","options":{"score":"score"}})";
  const auto report = send("POST", "/v1/studies/nps", read_, asked);
  EXPECT_EQ(report.status, 200) << report.body;
  EXPECT_EQ(text(report, "n"), "60");
  const auto page = send("POST", "/v1/studies/nps?as=html&lang=zh-Hant", read_, asked);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("</html>"), std::string::npos);
  // From numbers alone, without a question to the shop.
  const auto arms =
      send("POST", "/v1/studies/ab", read_, R"({"options":{"arm":["A:100,30","B:100,50"],"level":0.9}})");
  EXPECT_EQ(arms.status, 200) << arms.body;
  // Personal parts stay hidden from readers who may not see them: who-is-who is an empty column.
  const std::string who =
      R"({"sql":"SELECT user_id, s.value AS score FROM survey_answers s JOIN events USING (seq) ORDER BY seq","options":{"by":"user_id"}})";
  EXPECT_EQ(send("POST", "/v1/studies/nps", read_, who).body.find("u17"), std::string::npos);

  EXPECT_EQ(send("POST", "/v1/studies/nothing", read_, asked).status, 404);
  EXPECT_EQ(send("POST", "/v1/studies/nps", ingest_, asked).status, 403);
  EXPECT_EQ(send("POST", "/v1/studies/nps", read_, R"({"sql":"DROP TABLE events"})").status, 400);
  EXPECT_EQ(send("POST", "/v1/studies/nps", read_, R"({"options":[1]})").status, 400);
  EXPECT_EQ(send("POST", "/v1/studies/sem", read_, R"({"sql":"SELECT 1 a","options":{"bootstrap":1000000}})")
                .status,
            400);
  EXPECT_EQ(send("POST", "/v1/studies/alpha", read_, R"({"sql":"SELECT 1 a, 2 b","options":{"items":"a,b"}})")
                .status,
            422);
}

TEST_F(ApiOverEngine, ServesTheOwnerOverTheSocket) {
  Client local(Place{.socket = folder_ / "api.sock"});
  auto made = local.call({"POST", "/v1/keys", {}, R"({"shop":"second","role":"admin"})"});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->status, 201) << made->body;
  EXPECT_TRUE(engine_->find_shop("second").ok());
  auto shops = local.call({.target = "/v1/shops"});
  EXPECT_NE(shops->body.find("second"), std::string::npos);
  made = local.call({"POST", "/v1/keys", {{"X-Rapport-Shop", "third"}}, R"({"role":"ingest"})"});
  EXPECT_EQ(made->status, 201) << made->body;
  // A key of one shop does not see the other.
  EXPECT_EQ(send("GET", "/v1/shops", admin_).body.find("second"), std::string::npos);
  EXPECT_EQ(local.call({"GET", "/v1/customers/ada", {{"X-Rapport-Shop", "main"}}, ""})->status, 404);
  EXPECT_EQ(local.call({"GET", "/v1/customers/ada", {{"X-Rapport-Shop", "none"}}, ""})->status, 404);
}

TEST_F(ApiOverEngine, ImportsAFileOverEitherWay) {
  const std::string lines =
      "{\"type\":\"track\",\"event\":\"Product Viewed\",\"userId\":\"imp\",\"messageId\":\"i1\","
      "\"timestamp\":\"2026-01-01T00:00:00Z\",\"properties\":{\"product_id\":\"P1\"}}\n";
  const auto uploaded = send("POST", "/v1/imports?recipe=events-jsonl&name=a.jsonl", admin_, lines);
  EXPECT_EQ(uploaded.status, 200) << uploaded.body;
  EXPECT_EQ(text(uploaded, "accepted"), "1") << uploaded.body;
  EXPECT_EQ(send("POST", "/v1/imports?recipe=../x&name=a.jsonl", admin_, lines).status, 400);
  EXPECT_EQ(send("POST", "/v1/imports?recipe=events-jsonl&name=../../a", admin_, lines).status, 400);
  EXPECT_EQ(text(send("GET", "/v1/imports", admin_), "progress"), "1");
  EXPECT_EQ(send("POST", "/v1/imports/local", admin_, R"({"recipe":"events-jsonl","paths":["/etc/passwd"]})")
                .status,
            403);
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "scratch"));
}

TEST_F(ApiOverEngine, AnswersSqlInThreeForms) {
  const auto sent = send("POST", "/v1/track", ingest_, R"({"userId":"ada","event":"Seen, \"twice\""})");
  const std::string query =
      R"({"query":"select event, count(*) as n from events where type = 'track' group by 1"})";
  const auto rows = send("POST", "/v1/sql", admin_, query);
  EXPECT_EQ(rows.status, 200) << rows.body;
  EXPECT_EQ(text(rows, "rows"), R"([["Seen, \"twice\"",1]])");
  EXPECT_EQ(send("POST", "/v1/sql?as=csv", admin_, query).body, "event,n\r\n\"Seen, \"\"twice\"\"\",1\r\n");
  EXPECT_EQ(send("POST", "/v1/sql?as=text", admin_, query).body,
            "event          n\nSeen, \"twice\"  1\n(1 row)\n");
  EXPECT_EQ(send("POST", "/v1/sql", admin_, R"({"query":"drop table events"})").status, 400);
  EXPECT_EQ(send("POST", "/v1/sql", ingest_, query).status, 403);
  const auto tables = send("GET", "/v1/sql/tables", read_);
  EXPECT_EQ(tables.status, 200) << tables.body;
  EXPECT_NE(tables.body.find(R"({"name":"events","columns":[)"), std::string::npos) << tables.body;
  EXPECT_EQ(text(tables, "mirrored"), text(tables, "log"));
  EXPECT_EQ(send("GET", "/v1/sql/tables", ingest_).status, 403);
}

TEST_F(ApiOverEngine, ErasesUnlinksAndRecordsConsent) {
  const auto known = send("POST", "/v1/identify", ingest_,
                          R"({"userId":"ada","anonymousId":"a1","traits":{"phone":"13912345678"}})");
  const Headers known_at = {{"X-Log-Offset", std::string(known.header("x-log-offset"))}};
  const auto consent = send("POST", "/v1/customers/ada/consent", admin_,
                            R"({"purpose":"marketing","channel":"sms","granted":true})", known_at);
  EXPECT_EQ(consent.status, 200) << consent.body;
  const Headers consent_at = {{"X-Log-Offset", text(consent, "offset")}};
  const auto consenting = send("GET", "/v1/customers/ada", admin_, "", consent_at);
  EXPECT_NE(consenting.body.find(R"("purpose":"marketing","channel":"sms","granted":true)"),
            std::string::npos)
      << consenting.body;
  const auto unlinked =
      send("POST", "/v1/customers/ada/unlink", admin_, R"({"kind":"anonymous_id","value":"a1"})");
  EXPECT_EQ(unlinked.status, 200) << unlinked.body;
  EXPECT_EQ(send("POST", "/v1/customers/ada/unlink", admin_, R"({"kind":"shoe","value":"a1"})").status, 400);
  EXPECT_EQ(send("DELETE", "/v1/customers/ada", admin_).status, 200);
  EXPECT_EQ(send("GET", "/v1/customers/ada", admin_).status, 404);
  const auto after = send("POST", "/v1/track", ingest_, R"({"userId":"ada","event":"X"})");
  EXPECT_EQ(after.status, 200);
  EXPECT_EQ(text(after, "suppressed"), "1");
}

TEST_F(ApiOverEngine, TailsAndWaits) {
  send("POST", "/v1/track", ingest_, R"({"userId":"ada","event":"One"})");
  const auto first = send("GET", "/v1/tail?after=0", admin_);
  EXPECT_NE(first.body.find("\"One\""), std::string::npos) << first.body;
  const std::string next = text(first, "next");
  std::string waited;
  std::thread waiting([&] {
    Client other(Place{.port = server_->port()});
    auto reply = other.call(
        {"GET", "/v1/tail?wait=20&after=" + next, {{"Authorization", basic_authorization(admin_)}}, ""});
    waited = reply.ok() ? reply->body : reply.error().describe();
  });
  send("POST", "/v1/track", ingest_, R"({"userId":"ada","event":"Two"})");
  waiting.join();
  EXPECT_NE(waited.find("\"Two\""), std::string::npos) << first.body << waited;
  EXPECT_EQ(waited.find("\"One\""), std::string::npos);
}

TEST_F(ApiOverEngine, LimitsRequestsByKey) {
  serve({.requests_a_second = 5});
  int refused = 0;
  for (int i = 0; i < 50; ++i) {
    const auto reply = send("GET", "/v1/segments", read_);
    if (reply.status != 429) continue;
    ++refused;
    EXPECT_FALSE(reply.header("retry-after").empty());
  }
  EXPECT_GT(refused, 20);
  EXPECT_EQ(send("GET", "/v1/segments", admin_).status, 200);  // Another key has its own bucket.
}

TEST_F(ApiOverEngine, TellsHowItFares) {
  send("POST", "/v1/track", ingest_, R"({"userId":"ada","event":"X"})");
  EXPECT_EQ(send("GET", "/livez", "").status, 200);
  EXPECT_EQ(send("GET", "/readyz", "").status, 200);
  const auto metrics = send("GET", "/metrics", "");
  EXPECT_NE(metrics.body.find("rapport_events_accepted_total{shop=\"main\"} 1\n"), std::string::npos)
      << metrics.body;
  EXPECT_NE(
      metrics.body.find(R"(rapport_http_requests_total{method="POST",route="/v1/track",status="2xx"} 1)"),
      std::string::npos);
  EXPECT_NE(metrics.body.find("rapport_state_bytes{shop=\"main\"} "), std::string::npos);
  EXPECT_EQ(metrics.body.find("rapport_state_bytes{shop=\"main\"} 0\n"), std::string::npos);
  EXPECT_NE(metrics.body.find("rapport_checkpoint_pause_seconds{shop=\"main\"} 0\n"), std::string::npos);
  EXPECT_EQ(send("GET", "/v1/events/catalogue", "").status, 200);
  const auto verified = send("POST", "/v1/verify", admin_, "{}");
  EXPECT_EQ(verified.status, 200);
  EXPECT_TRUE(text(verified, "text").starts_with("shop main state ")) << verified.body;
  EXPECT_EQ(send("POST", "/v1/backup", admin_, R"({"to":")" + (folder_ / "copy").string() + "\"}").status,
            200);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "copy"));
}

}  // namespace
}  // namespace rapport::http
