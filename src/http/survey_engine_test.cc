#include <chrono>
#include <thread>

#include "http/detail/qr.h"
#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

class SurveyApi : public ApiOverEngine {
 protected:
  void publish(const std::string& id, const std::string& body) {
    const ClientReply reply = send("PUT", "/v1/surveys/" + id, admin_, body);
    ASSERT_EQ(reply.status, 200) << reply.body;
  }
  std::string link(const std::string& id, const std::string& body = "{}") {
    const ClientReply reply = send("POST", "/v1/surveys/" + id + "/links", admin_, body);
    EXPECT_EQ(reply.status, 201) << reply.body;
    return text(reply, "token");
  }
  void event(const std::string& user, const std::string& name, const std::string& properties) {
    const ClientReply reply =
        send("POST", "/v1/track", ingest_,
             fmt::format(R"({{"userId":"{}","event":"{}","messageId":"t{}","properties":{}}})", user, name,
                         ++events_, properties));
    ASSERT_EQ(reply.status, 200) << reply.body;
    // Until it is known: what the test asks next is not at the position of this answer.
    const Headers known = {{"X-Log-Offset", std::string(reply.header("x-log-offset"))}};
    ASSERT_EQ(send("GET", "/v1/customers/" + user, admin_, "", known).status, 200);
  }
  /// A page as a browser asks for it, without a key.
  ClientReply page(const std::string& method, const std::string& target, const std::string& body = "",
                   const std::string& language = "en") {
    auto reply = client_->call({method, target, {{"Accept-Language", language}}, body});
    EXPECT_TRUE(reply.ok());
    return reply.ok() ? *reply : ClientReply{};
  }
  std::string answered(const std::string& id) {
    return text(send("GET", "/v1/surveys/" + id, read_), "answered");
  }
  int events_ = 0;
};

std::string hidden(const std::string& html, const std::string& name) {
  const std::string mark = "name=\"" + name + "\" value=\"";
  const auto at = html.find(mark);
  if (at == std::string::npos) return "";
  return html.substr(at + mark.size(), html.find('"', at + mark.size()) - at - mark.size());
}

// What the elements in a shop's own pages ask by; a public key is enough, and there is nothing of the shop's
// own in it.
TEST_F(SurveyApi, AnElementReadsTheFormOfAnOpenQuestionnaire) {
  publish("counter", R"({"template":"nps","service_id":"S-warranty"})");
  const auto form = send("GET", "/v1/shop/surveys/counter", public_);
  ASSERT_EQ(form.status, 200) << form.body;
  EXPECT_NE(form.body.find("您愿意推荐我们吗？"), std::string::npos) << form.body;
  EXPECT_NE(form.body.find("您願意推薦我們嗎？"), std::string::npos) << form.body;
  EXPECT_EQ(form.body.find("S-warranty"), std::string::npos) << form.body;
  EXPECT_EQ(form.body.find("limits"), std::string::npos) << form.body;
  EXPECT_EQ(send("GET", "/v1/shop/surveys/nosuch", public_).status, 404);
  publish("experts", R"({"template":"delphi"})");
  EXPECT_EQ(send("GET", "/v1/shop/surveys/experts", public_).status, 404);
  publish("counter", R"({"closed":true})");
  EXPECT_EQ(send("GET", "/v1/shop/surveys/counter", public_).status, 404);
  EXPECT_EQ(send("GET", "/v1/shop/surveys/counter", ingest_).status, 403);
}

// A QR code on the counter: a visitor opens the page in her language, answers, sends twice.
TEST_F(SurveyApi, TheOpenLinkFromPageToResults) {
  publish("counter", R"({"template":"nps"})");
  const std::string token = link("counter");
  const ClientReply hant = page("GET", "/ask/" + token, "", "zh-TW,zh;q=0.9");
  ASSERT_EQ(hant.status, 200);
  EXPECT_NE(hant.body.find("<html lang=\"zh-Hant\">"), std::string::npos);
  EXPECT_NE(hant.body.find("您願意推薦我們嗎？"), std::string::npos);
  EXPECT_NE(page("GET", "/ask/" + token, "", "zh-CN").body.find("您愿意推荐我们吗？"), std::string::npos);
  EXPECT_NE(hant.header("content-security-policy").find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(hant.body.find("<style"), std::string::npos);
  EXPECT_EQ(hant.body.find(" style="), std::string::npos);
  const std::string response = hidden(hant.body, "response");
  ASSERT_FALSE(response.empty());

  const ClientReply missing =
      page("POST", "/ask/" + token, "response=" + response + "&a.improve=faster", "en");
  EXPECT_EQ(missing.status, 400);
  EXPECT_NE(missing.body.find("role=\"alert\""), std::string::npos);
  EXPECT_EQ(hidden(missing.body, "response"), response) << "the sheet that was begun goes on";
  EXPECT_NE(missing.body.find("faster</textarea>"), std::string::npos) << "what was typed is not lost";

  const std::string form =
      "response=" + response + "&a.nps=4&a.improve=%E5%BF%AB%E7%82%B9+%3Cb%3E&lang=zh-Hant";
  const ClientReply thanks = page("POST", "/ask/" + token, form);
  EXPECT_EQ(thanks.status, 200);
  EXPECT_NE(thanks.body.find("謝謝您"), std::string::npos);
  EXPECT_EQ(page("POST", "/ask/" + token, form).status, 200);
  EXPECT_EQ(answered("counter"), "1");

  const ClientReply results = send("GET", "/v1/surveys/counter/results", read_);
  ASSERT_EQ(results.status, 200) << results.body;
  EXPECT_NE(results.body.find(R"("n":1,"mean":4,"counts":[{"value":4,"n":1}])"), std::string::npos)
      << results.body;
  EXPECT_EQ(results.body.find("快点"), std::string::npos) << "what people write is personal";
  const ClientReply csv = send("GET", "/v1/surveys/counter/results?as=csv", read_);
  EXPECT_NE(csv.body.find(",nps\r\n"), std::string::npos) << csv.body;
  const ClientReply study = send("POST", "/v1/studies/nps", read_, R"({"survey":"counter"})");
  EXPECT_EQ(study.status, 200) << study.body;

  const ClientReply qr = page("GET", "/ask/" + token + "/qr.svg");
  EXPECT_EQ(qr.header("content-type"), "image/svg+xml");
  EXPECT_EQ(qr.body.substr(0, 4), "<svg");
}

TEST_F(SurveyApi, AnsweringByApi) {
  publish("csat", R"({"template":"csat","open_days":7})");
  const std::string token = link("csat");
  const ClientReply form = send("GET", "/v1/ask/" + token, "");
  ASSERT_EQ(form.status, 200) << form.body;
  const std::string response = text(form, "response");
  const auto answer = [&](const std::string& body) { return send("POST", "/v1/ask/" + token, "", body); };
  const std::string good = R"({"response":")" + response + R"(","answers":[{"item":"csat","value":5}]})";
  EXPECT_EQ(answer(R"({"answers":[{"item":"csat","value":5}]})").status, 400) << "whose sheet?";
  EXPECT_EQ(text(answer(good), "accepted"), "true");
  EXPECT_EQ(text(answer(good), "duplicate"), "true");
  EXPECT_EQ(answered("csat"), "1");
  // Another visitor has another sheet.
  const std::string other = text(send("GET", "/v1/ask/" + token, ""), "response");
  EXPECT_NE(other, response);
  const ClientReply second =
      answer(R"({"response":")" + other +
             R"(","answers":[{"item":"csat","value":2},{"item":"improve","value":"慢"}]})");
  EXPECT_EQ(text(second, "accepted"), "true");
  EXPECT_EQ(answered("csat"), "2");
  publish("csat", R"({"closed":true})");
  EXPECT_EQ(send("GET", "/v1/ask/" + token, "").status, 410);
  EXPECT_EQ(page("GET", "/ask/" + token).status, 410);
}

TEST_F(SurveyApi, APersonIsAskedOnceWithConsentAndAnswersAsHerself) {
  publish("nps", R"({"template":"nps"})");
  event("ada", "User Registered", "{}");
  event("bob", "Consent Updated", R"({"purpose":"service","channel":"email","granted":true})");
  event("eve", "Consent Updated", R"({"purpose":"survey","channel":"sms","granted":false})");
  const auto invite = [&](const std::string& body) {
    return send("POST", "/v1/surveys/nps/invitations", admin_, body).body;
  };
  EXPECT_NE(invite(R"({"customer":"ada","channel":"email"})").find(R"("code":"no_consent")"),
            std::string::npos);
  EXPECT_NE(invite(R"({"customer":"eve"})").find(R"("code":"no_consent")"), std::string::npos);
  EXPECT_NE(invite(R"({"customer":"nobody"})").find(R"("code":"unknown")"), std::string::npos);
  EXPECT_NE(invite(R"({"customer":"bob","reminder":true,"channel":"email"})").find("not_invited"),
            std::string::npos);
  const std::string both = invite(R"({"customers":["ada","bob","ada"]})");
  EXPECT_TRUE(index_.parse(both).ok());
  std::vector<std::string> tokens;
  for (JsonItems list(index_.root().find("invited")); list.next();)
    tokens.push_back(list.value().find("token").text());
  ASSERT_EQ(tokens.size(), 2U) << both;
  EXPECT_NE(invite(R"({"customer":"bob","channel":"email"})").find(R"("code":"asked_lately")"),
            std::string::npos);
  EXPECT_NE(invite(R"({"customer":"bob","channel":"email","reminder":true})").find(R"("code":"too_soon")"),
            std::string::npos);

  const ClientReply mine =
      send("POST", "/v1/ask/" + tokens[0], "", R"({"answers":[{"item":"nps","value":10}]})");
  EXPECT_EQ(text(mine, "accepted"), "true") << mine.body;
  EXPECT_EQ(text(send("GET", "/v1/ask/" + tokens[0], ""), "answered"), "true");
  EXPECT_NE(page("GET", "/ask/" + tokens[0]).body.find("already arrived"), std::string::npos);
  EXPECT_NE(invite(R"({"customer":"ada","reminder":true})").find(R"("code":"answered")"), std::string::npos);
  const ClientReply timeline = send("GET", "/v1/customers/ada/timeline", admin_);
  EXPECT_NE(timeline.body.find("Survey Answered"), std::string::npos);
  EXPECT_NE(timeline.body.find("Survey Invited"), std::string::npos);
  EXPECT_EQ(send("DELETE", "/v1/customers/bob", admin_).status, 200);
  EXPECT_EQ(send("GET", "/v1/ask/" + tokens[1], "").status, 410) << "the link of an erased person";
}

TEST_F(SurveyApi, ExpertsCompareInPairsAndTheWeightsFollow) {
  publish("weights",
          R"({"template":"ahp","criteria":[{"item":"speed","text":"Speed"},{"item":"price","text":"Price"},
                         {"item":"care","text":{"en":"Care","zh-Hans":"关怀"}}]})");
  // Speed is twice price and four times care, price twice care: consistent, weights 4 : 2 : 1.
  for (const std::string expert : {"1", "2", "3"}) {
    const std::string token = link("weights", R"({"label":"expert )" + expert + R"("})");
    const ClientReply done = send(
        "POST", "/v1/ask/" + token, "",
        R"({"answers":[{"item":"p1_2","value":2},{"item":"p1_3","value":4},{"item":"p2_3","value":2}]})");
    EXPECT_EQ(text(done, "accepted"), "true") << done.body;
  }
  const ClientReply study = send("POST", "/v1/studies/ahp", read_, R"({"survey":"weights"})");
  ASSERT_EQ(study.status, 200) << study.body;
  EXPECT_TRUE(index_.parse(study.body).ok());
  EXPECT_NEAR(std::stod(std::string(index_.root().find("weights").find("speed").raw())), 4.0 / 7, 1e-9);
  EXPECT_NEAR(std::stod(std::string(index_.root().find("weights").find("care").raw())), 1.0 / 7, 1e-9);
  EXPECT_EQ(text(study, "experts"), "3");
}

TEST_F(SurveyApi, ADelphiPanelSeesItsLastRound) {
  publish("panel",
          R"({"template":"delphi","items":[{"item":"a","text":"A","high":9},{"item":"b","text":"B","high":9},
                       {"item":"c","text":"C","high":9}]})");
  std::vector<std::string> tokens;
  for (int expert = 1; expert <= 4; ++expert)
    tokens.push_back(link("panel", fmt::format(R"({{"label":"e{}","days":90}})", expert)));
  const auto rate = [&](std::size_t expert, int a, int b, int c) {
    const ClientReply done = send(
        "POST", "/v1/ask/" + tokens[expert], "",
        fmt::format(
            R"({{"answers":[{{"item":"a","value":{}}},{{"item":"b","value":{}}},{{"item":"c","value":{}}}]}})",
            a, b, c));
    EXPECT_EQ(text(done, "accepted"), "true") << done.body;
  };
  rate(0, 9, 5, 1);
  rate(1, 8, 6, 2);
  rate(2, 7, 5, 3);
  rate(3, 9, 4, 2);
  publish("panel", R"({"round":2})");
  const ClientReply form = send("GET", "/v1/ask/" + tokens[0], "");
  EXPECT_EQ(text(form, "answered"), "false");
  EXPECT_NE(form.body.find(R"({"item":"a","n":4,"median":8.5,)"), std::string::npos) << form.body;
  EXPECT_NE(page("GET", "/ask/" + tokens[0]).body.find("Last round, 4 experts: median 8.5"),
            std::string::npos);
  rate(0, 9, 5, 2);
  rate(1, 9, 5, 2);
  rate(2, 8, 5, 2);
  rate(3, 9, 5, 2);
  const ClientReply study = send("POST", "/v1/studies/delphi", read_, R"({"survey":"panel"})");
  ASSERT_EQ(study.status, 200) << study.body;
  EXPECT_NE(study.body.find("median_shift_max"), std::string::npos) << "two rounds were told apart";
}

TEST_F(SurveyApi, WhatIsNoSurveyOrNobodysIsRefused) {
  EXPECT_EQ(send("PUT", "/v1/surveys/x", read_, R"({"template":"nps"})").status, 403);
  EXPECT_EQ(send("PUT", "/v1/surveys/x", admin_, R"({"template":"magic"})").status, 404);
  EXPECT_EQ(send("PUT", "/v1/surveys/x", admin_, R"({"title":"no items"})").status, 400);
  EXPECT_EQ(send("PUT", "/v1/surveys/x", admin_, "[").status, 400);
  EXPECT_EQ(send("PUT", "/v1/surveys/x", admin_, R"({"template":"ahp","criteria":[{"item":"one"}]})").status,
            400);
  EXPECT_EQ(send("PUT", "/v1/surveys/..%2Fx", admin_, R"({"template":"nps"})").status, 400);
  EXPECT_EQ(send("GET", "/v1/surveys/none", read_).status, 404);
  EXPECT_EQ(send("POST", "/v1/surveys/none/links", admin_, "{}").status, 404);
  EXPECT_EQ(send("GET", "/v1/surveys/none/results", read_).status, 404);
  for (const std::string token : {"x", "AAAA", "....", "%00", "zz%2F..%2F"}) {
    EXPECT_EQ(send("GET", "/v1/ask/" + token, "").status, 404) << token;
    EXPECT_EQ(page("GET", "/ask/" + token).status, 404) << token;
    EXPECT_EQ(page("POST", "/ask/" + token, "a.x=1").status, 404) << token;
  }
  publish("x", R"({"template":"nps","title":"<script>alert(1)</script>"})");
  const std::string token = link("x", R"({"single":true})");
  EXPECT_EQ(page("GET", "/ask/" + token).body.find("<script>alert"), std::string::npos);
  for (const std::string body :
       {"", "{}", "null", R"({"answers":7})", R"({"answers":[{"item":"nps"}]})",
        R"({"answers":[{"item":"nps","value":[]}]})", R"({"answers":[{"item":"nps","value":11}]})",
        R"({"answers":[{"item":"nps","value":1e99}]})", R"({"answers":[{"item":7,"value":1}]})"}) {
    const ClientReply refused = send("POST", "/v1/ask/" + token, "", body);
    EXPECT_EQ(refused.status, 400) << body << " -> " << refused.body;
  }
  EXPECT_EQ(page("POST", "/ask/" + token, "a.nps=%zz&&&=&a.=&a").status, 400);
  EXPECT_EQ(send("POST", "/v1/ask/" + token, "", std::string(300'000, ' ')).status, 413);
  EXPECT_EQ(answered("x"), "0");
  for (const std::string body :
       {R"({})", R"({"customer":"a","segment":"seed"})", R"({"customer":"a","channel":"fax"})",
        R"({"customer":"a","most":0})", R"({"customer":"a","days":-1})"}) {
    EXPECT_EQ(send("POST", "/v1/surveys/x/invitations", admin_, body).status, 400) << body;
  }
}

// A long bootstrap is stopped: whoever waits hears of it at once, and the next study may begin.
TEST_F(SurveyApi, ARunningStudyIsCancelled) {
  EXPECT_EQ(text(send("DELETE", "/v1/studies/running", read_), "cancelled"), "false");
  const std::string sql =
      "select (random()*100)::int as too_cheap, (random()*100)::int + 100 as cheap, (random()*100)::int + "
      "200 as "
      "expensive, (random()*100)::int + 300 as too_expensive from range(200000)";
  const std::string body = "{\"sql\":\"" + sql + "\",\"options\":{\"replicates\":10000}}";
  std::optional<ClientReply> study;
  std::thread waiting([&] {
    Client other(Place{.port = server_->port()});
    auto reply = other.call(
        {"POST", "/v1/studies/price-sensitivity", {{"Authorization", basic_authorization(read_)}}, body});
    if (reply.ok()) study = *reply;
  });
  std::string cancelled = "false";
  for (int tries = 0; tries < 500 && cancelled != "true"; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    cancelled = text(send("DELETE", "/v1/studies/running", read_), "cancelled");
  }
  waiting.join();
  EXPECT_EQ(cancelled, "true");
  ASSERT_TRUE(study.has_value());
  EXPECT_EQ(study->status, 409) << study->body.substr(0, 300);
  EXPECT_EQ(send("POST", "/v1/studies/power", read_, R"({"options":{"baseline":0.2,"mde":0.1}})").status,
            200);
}

TEST(Qr, DrawsTheThreeFinders) {
  const auto svg = detail::qr_svg("https://shop.example/ask/x");
  ASSERT_TRUE(svg.ok());
  EXPECT_NE(svg->find("M4 4h7v1h-7z"), std::string::npos) << "the first finder's upper edge";
  EXPECT_FALSE(detail::qr_svg(std::string(5'000, 'x')).ok());
}

}  // namespace
}  // namespace rapport::http
