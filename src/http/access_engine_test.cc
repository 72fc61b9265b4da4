// Who works at the console: signing in, sessions against keys, and what strangers try. Over a real engine;
// every answer is held to its schema.

#include <cstring>

#include "http/detail/test_api.h"

namespace rapport::http {
namespace {

const std::string kPassword = "correct horse battery";

class ConsoleAccessTest : public ApiOverEngine {
 protected:
  /// A browser with the console open: cookie, second secret, Origin.
  struct Browser {
    std::string cookie, csrf;
  };
  std::string origin() const { return fmt::format("http://127.0.0.1:{}", server_->port()); }

  ClientReply as(const Browser& browser, const std::string& method, const std::string& target,
                 const std::string& body = "", Headers more = {}) {
    Headers headers = {{"Cookie", "theme=dark; rapport_session=" + browser.cookie},
                       {"Sec-Fetch-Site", "same-origin"}};
    if (method != "GET") {
      headers.emplace_back("Origin", origin());
      headers.emplace_back("X-Rapport-CSRF", browser.csrf);
    }
    headers.insert(headers.end(), more.begin(), more.end());
    return send(method, target, "", body, headers);
  }
  Browser browser_of(const ClientReply& reply) {
    const std::string cookie(reply.header("set-cookie"));
    EXPECT_NE(cookie.find("HttpOnly; SameSite=Strict"), std::string::npos) << cookie;
    const auto from = cookie.find('=') + 1;
    return {cookie.substr(from, cookie.find(';') - from), text(reply, "csrf")};
  }
  std::string link(const std::string& body = "{}") {
    Client local(Place{.socket = folder_ / "api.sock"});
    auto made = local.call({"POST", "/v1/links", {}, body});
    EXPECT_TRUE(made.ok() && made->status == 201) << (made.ok() ? made->body : made.error().describe());
    return made.ok() ? text(*made, "token") : "";
  }
  Browser by_link(const std::string& token) {
    const auto in = send("POST", "/v1/session/link", "", R"({"token":")" + token + "\"}");
    EXPECT_EQ(in.status, 200) << in.body;
    return browser_of(in);
  }
  ClientReply sign_in(const std::string& name, const std::string& password, Headers headers = {}) {
    return send("POST", "/v1/session", "", fmt::format(R"({{"name":"{}","password":"{}"}})", name, password),
                headers);
  }
  /// The folder's first owner, signed in.
  Browser owner() {
    const Browser administrator = by_link(link());
    const auto made =
        as(administrator, "POST", "/v1/setup", fmt::format(R"({{"name":"Ada","password":"{}"}})", kPassword));
    EXPECT_EQ(made.status, 201) << made.body;
    return browser_of(made);
  }
  /// A user of the role, signed in by their one-time link.
  Browser user(const Browser& maker, const std::string& name, const std::string& role) {
    const auto made = as(maker, "POST", "/v1/users",
                         fmt::format(R"({{"name":"{}","role":"{}","password":null}})", name, role));
    EXPECT_EQ(made.status, 201) << made.body;
    return by_link(text(made, "token"));
  }
};

TEST_F(ConsoleAccessTest, TheFirstRunMakesAnOwner) {
  const auto before = send("GET", "/v1/session", "");
  EXPECT_EQ(text(before, "user"), "null");
  EXPECT_EQ(text(before, "setup_needed"), "true");
  EXPECT_EQ(text(before, "csrf"), "null");
  EXPECT_EQ(text(before, "permissions"), "[]");
  EXPECT_EQ(text(before, "shops"), "[]");

  const Browser administrator = by_link(link());
  const auto seen = as(administrator, "GET", "/v1/session");
  EXPECT_EQ(text(seen, "setup_needed"), "true");
  EXPECT_EQ(text(seen, "shop"), "main");
  EXPECT_NE(seen.body.find("administer"), std::string::npos);
  EXPECT_EQ(seen.header("cache-control"), "no-store");

  EXPECT_EQ(as(administrator, "POST", "/v1/setup", R"({"name":"Ada","password":"short"})").status, 400);
  const auto made =
      as(administrator, "POST", "/v1/setup", R"({"name":"Ada","password":")" + kPassword + "\"}");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(text(made, "setup_needed"), "false");
  EXPECT_NE(made.body.find(R"("name":"Ada","role":"owner")"), std::string::npos) << made.body;
  const Browser ada = browser_of(made);
  EXPECT_NE(ada.cookie, administrator.cookie) << "a session that gains rights gets a new token";
  EXPECT_EQ(as(administrator, "GET", "/v1/users").status, 401);
  EXPECT_EQ(as(ada, "GET", "/v1/users").status, 200);
  EXPECT_EQ(as(ada, "POST", "/v1/setup", R"({"name":"Eve","password":")" + kPassword + "\"}").status, 403);
  // There is an owner, so a later link lets in but sets nothing up.
  const Browser second = by_link(link());
  EXPECT_EQ(as(second, "POST", "/v1/setup", R"({"name":"Eve","password":")" + kPassword + "\"}").status, 409);
  EXPECT_EQ(send("POST", "/v1/setup", admin_, R"({"name":"Eve","password":")" + kPassword + "\"}").status,
            403);
}

TEST_F(ConsoleAccessTest, NameAndPasswordOpenASessionAndSigningOutEndsIt) {
  owner();
  const auto in = sign_in("ada", kPassword);
  EXPECT_EQ(in.status, 200) << in.body;
  const Browser ada = browser_of(in);
  EXPECT_EQ(as(ada, "GET", "/v1/segments").status, 200);
  const auto out = as(ada, "DELETE", "/v1/session");
  EXPECT_EQ(out.status, 204);
  EXPECT_NE(out.header("set-cookie").find("Max-Age=0"), std::string::npos);
  const auto after = as(ada, "GET", "/v1/segments");
  EXPECT_EQ(after.status, 401);
  EXPECT_EQ(after.header("www-authenticate"), "Session") << "or the browser would ask for a password itself";
  EXPECT_EQ(text(as(ada, "GET", "/v1/session"), "user"), "null");
  EXPECT_EQ(
      sign_in("Ada", kPassword, {{"X-Forwarded-Proto", "https"}}).header("set-cookie").find("; Secure") ==
          std::string::npos,
      false);
  EXPECT_EQ(send("POST", "/v1/session", "", R"({"name":"Ada"})").status, 400);
  EXPECT_EQ(send("POST", "/v1/session", "", "{").status, 400);
  EXPECT_EQ(sign_in("Ada", "wrong password").status, 401);
  EXPECT_EQ(
      send("POST", "/v1/session", "", R"({"name":"Ada","password":")" + kPassword + R"(","shop":"none"})")
          .status,
      404);
}

TEST_F(ConsoleAccessTest, ASessionDoesWhatAKeyOfEqualPermissionsDoes) {
  const Browser ada = owner();
  // The same requests, with a key and with a session: the same answers.
  const auto sent = as(ada, "POST", "/v1/track", R"({"userId":"ada","event":"One","messageId":"s1"})");
  EXPECT_EQ(sent.status, 200) << sent.body;
  const auto named = send("POST", "/v1/identify", ingest_,
                          R"({"userId":"ada","messageId":"s2","traits":{"email":"ada@x.cn"}})");
  const Headers known = {{"X-Log-Offset", text(named, "offset")}};
  ASSERT_EQ(send("GET", "/v1/customers/ada", admin_, "", known).status, 200);
  // All but the moment of asking.
  const auto timeless = [](std::string body) {
    for (const char* member : {"\"valid_at\":\"", "\"exported_at\":\"", "\"now\":\""}) {
      for (auto at = body.find(member); at != std::string::npos; at = body.find(member, at + 1))
        body.erase(at + std::strlen(member),
                   body.find('"', at + std::strlen(member)) - at - std::strlen(member));
    }
    return body;
  };
  for (const std::string target : {"/v1/customers/ada", "/v1/customers/ada/timeline", "/v1/segments",
                                   "/v1/rules", "/v1/keys", "/v1/webhooks", "/v1/dead-letters", "/v1/shops",
                                   "/v1/imports", "/v1/customers/ada/export", "/v1/tail?after=0"}) {
    const auto by_key = send("GET", target, admin_, "", known);
    const auto by_session = as(ada, "GET", target, "", known);
    EXPECT_EQ(by_session.status, by_key.status) << target;
    EXPECT_EQ(timeless(by_session.body), timeless(by_key.body)) << target;
  }
  EXPECT_EQ(as(ada, "POST", "/v1/sql", R"({"query":"select 1 as one"})").status, 200);
  EXPECT_EQ(
      as(ada, "PUT", "/v1/rules/cart", R"({"rule":"Product Added then not Order Completed within 24h"})")
          .status,
      200);
}

TEST_F(ConsoleAccessTest, EachRoleMayWhatTheTableSays) {
  const Browser ada = owner();
  send("POST", "/v1/identify", ingest_, R"({"userId":"u","messageId":"r1","traits":{"email":"u@x.cn"}})");
  const std::string rule = R"({"rule":"Product Added then not Order Completed within 24h"})";
  const std::string consent = R"({"purpose":"marketing","channel":"sms","granted":true})";
  struct Row {
    const char* role;
    int rules, consent, administer, erase;
    bool reveals;
  };
  for (const Row& row :
       {Row{"analyst", 200, 403, 403, 403, false}, Row{"marketing", 200, 403, 403, 403, true},
        Row{"product", 200, 403, 403, 403, false}, Row{"logistics", 403, 200, 403, 403, true},
        Row{"agent", 403, 200, 403, 403, true}, Row{"viewer", 403, 403, 403, 403, false}}) {
    const Browser one = user(ada, row.role, row.role);
    EXPECT_EQ(as(one, "PUT", "/v1/rules/cart", rule).status, row.rules) << row.role;
    EXPECT_EQ(as(one, "POST", "/v1/customers/u/consent", consent).status, row.consent) << row.role;
    EXPECT_EQ(as(one, "GET", "/v1/users").status, row.administer) << row.role;
    EXPECT_EQ(as(one, "GET", "/v1/keys").status, row.administer) << row.role;
    EXPECT_EQ(as(one, "DELETE", "/v1/customers/u").status, row.erase) << row.role;
    const auto shown = as(one, "GET", "/v1/customers/u");
    EXPECT_EQ(shown.status, 200) << row.role;
    EXPECT_EQ(shown.body.find("u@x.cn") != std::string::npos, row.reveals) << row.role;
  }
}

TEST_F(ConsoleAccessTest, AnotherSiteCannotUseTheSession) {
  const Browser ada = owner();
  const std::string rule = R"({"rule":"Product Added then not Order Completed within 24h"})";
  const auto put = [&](const Headers& headers) {
    Headers all = {{"Cookie", "rapport_session=" + ada.cookie}};
    all.insert(all.end(), headers.begin(), headers.end());
    return send("PUT", "/v1/rules/x", "", rule, all).status;
  };
  EXPECT_EQ(put({{"Origin", origin()}, {"X-Rapport-CSRF", ada.csrf}}), 200);
  EXPECT_EQ(put({{"Origin", origin()}}), 403) << "no second secret";
  EXPECT_EQ(put({{"Origin", origin()}, {"X-Rapport-CSRF", ""}}), 403);
  EXPECT_EQ(put({{"Origin", origin()}, {"X-Rapport-CSRF", ada.csrf + "x"}}), 403);
  EXPECT_EQ(put({{"X-Rapport-CSRF", ada.csrf}}), 403) << "no Origin";
  EXPECT_EQ(put({{"Origin", "null"}, {"X-Rapport-CSRF", ada.csrf}}), 403);
  EXPECT_EQ(put({{"Origin", "http://evil.example"}, {"X-Rapport-CSRF", ada.csrf}}), 403);
  EXPECT_EQ(put({{"Origin", origin() + ".evil.example"}, {"X-Rapport-CSRF", ada.csrf}}), 403);
  const Browser bob = user(ada, "Bob", "viewer");
  EXPECT_EQ(put({{"Origin", origin()}, {"X-Rapport-CSRF", bob.csrf}}), 403)
      << "somebody else's second secret";
  // Reading from another page's script is refused, and the second secret is not shown to it.
  EXPECT_EQ(as(ada, "GET", "/v1/segments", "", {{"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(text(as(ada, "GET", "/v1/session", "", {{"Origin", "http://evil.example"}}), "csrf"), "null");
  // Nor can it sign the browser in as somebody else.
  EXPECT_EQ(sign_in("Ada", kPassword, {{"Origin", "http://evil.example"}}).status, 403);
  EXPECT_EQ(send("POST", "/v1/session/link", "", R"({"token":"x"})", {{"Origin", "null"}}).status, 403);
}

TEST_F(ConsoleAccessTest, ForgedAndUsedTokensOpenNothing) {
  const Browser ada = owner();
  for (const std::string& cookie : {std::string("forged"), ada.cookie.substr(1), ada.cookie + "A",
                                    std::string("\""), std::string(4'000, 'a'), std::string("..%2f..")}) {
    EXPECT_EQ(as({cookie, ada.csrf}, "GET", "/v1/users").status, 401) << cookie.substr(0, 40);
    EXPECT_EQ(as({cookie, ada.csrf}, "DELETE", "/v1/session").status, 401) << cookie.substr(0, 40);
  }
  const std::string token = link();
  by_link(token);
  EXPECT_EQ(send("POST", "/v1/session/link", "", R"({"token":")" + token + "\"}").status, 401) << "a replay";
  EXPECT_EQ(send("POST", "/v1/session/link", "", R"({"token":""})").status, 401);
  EXPECT_EQ(send("POST", "/v1/session/link", "", R"({"token":7})").status, 400);
  // Only who may open the folder's socket makes administrator links.
  EXPECT_EQ(send("POST", "/v1/links", admin_, "{}").status, 403);
  EXPECT_EQ(as(ada, "POST", "/v1/links", "{}").status, 403);
}

TEST_F(ConsoleAccessTest, GuessersAreShutOutAndToldForHowLong) {
  owner();
  int refused = 0, shut_out = 0;
  std::string wait;
  for (int i = 0; i < 8; ++i) {
    const auto reply = sign_in("Ada", fmt::format("guess number {}", i));
    refused += reply.status == 401 ? 1 : 0;
    shut_out += reply.status == 429 ? 1 : 0;
    if (reply.status == 429) wait = reply.header("retry-after");
  }
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(shut_out, 3);
  EXPECT_GT(std::atoi(wait.c_str()), 20) << wait;
  EXPECT_EQ(sign_in("Ada", kPassword).status, 429) << "even the right one waits";
  for (const char* written : {"ADA", "ada", " Ada ", "Ａｄａ"})
    EXPECT_EQ(sign_in(written, kPassword).status, 429) << "the same name to a person: " << written;
  EXPECT_EQ(sign_in("Nobody", kPassword).status, 401) << "another name";
  // Behind the proxy of this machine the guard counts by whom it speaks for.
  int elsewhere = 0;
  for (int i = 0; i < 40; ++i) {
    elsewhere +=
        send("POST", "/v1/session/link", "", R"({"token":"guess"})", {{"X-Forwarded-For", "203.0.113.7"}})
                    .status == 429
            ? 1
            : 0;
  }
  EXPECT_EQ(elsewhere, 20);
  EXPECT_EQ(send("POST", "/v1/session/link", "", R"({"token":")" + link() + "\"}",
                 {{"X-Forwarded-For", "203.0.113.7"}})
                .status,
            200)
      << "a right link opens whatever was tried before";
  EXPECT_EQ(send("POST", "/v1/session/link", "", R"({"token":"guess"})", {{"X-Forwarded-For", "203.0.113.8"}})
                .status,
            401);
}

TEST_F(ConsoleAccessTest, UsersAreManaged) {
  const Browser ada = owner();
  const auto made = as(ada, "POST", "/v1/users", R"({"name":"Bob","role":"viewer","password":null})");
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string id = text(made, "id");
  const Browser bob = by_link(text(made, "token"));
  EXPECT_EQ(as(ada, "POST", "/v1/users", R"({"name":"bob","role":"viewer"})").status, 409);
  EXPECT_EQ(as(ada, "POST", "/v1/users", R"({"name":"Eve","role":"king"})").status, 400);
  EXPECT_EQ(as(ada, "POST", "/v1/users", R"({"role":"viewer"})").status, 400);

  // Bob sets his own password and nothing else.
  EXPECT_EQ(as(bob, "PUT", "/v1/users/" + id, R"({"role":"owner"})").status, 403);
  EXPECT_EQ(as(bob, "PUT", "/v1/users/" + id, R"({"password":null})").status, 403);
  EXPECT_EQ(as(bob, "PUT", "/v1/users/" + id, R"({"password":"battery staple"})").status, 200);
  EXPECT_EQ(as(bob, "GET", "/v1/segments").status, 200) << "his own session goes on";
  const Browser again = browser_of(sign_in("Bob", "battery staple"));

  // A new role holds at once; a new password ends the sessions of the old one.
  EXPECT_EQ(as(again, "GET", "/v1/keys").status, 403);
  EXPECT_EQ(as(ada, "PUT", "/v1/users/" + id, R"({"role":"owner"})").status, 200);
  EXPECT_EQ(as(again, "GET", "/v1/keys").status, 200);
  const auto reset = as(ada, "PUT", "/v1/users/" + id, R"({"password":null,"role":"agent"})");
  EXPECT_EQ(reset.status, 200) << reset.body;
  EXPECT_FALSE(text(reset, "token").empty());
  EXPECT_EQ(as(again, "GET", "/v1/segments").status, 401);
  EXPECT_EQ(sign_in("Bob", "battery staple").status, 401);

  const Browser last = by_link(text(reset, "token"));
  EXPECT_EQ(as(ada, "DELETE", "/v1/users/" + id).status, 204);
  EXPECT_EQ(as(last, "GET", "/v1/segments").status, 401) << "a removed user is out at once";
  EXPECT_EQ(as(ada, "DELETE", "/v1/users/" + id).status, 404);
  EXPECT_EQ(as(ada, "DELETE", "/v1/users/nobody").status, 400);
  const auto users = as(ada, "GET", "/v1/users");
  EXPECT_EQ(users.body.find("Bob"), std::string::npos) << users.body;
  EXPECT_EQ(users.body.find("argon"), std::string::npos) << users.body;
  const std::string own = text(as(ada, "GET", "/v1/users"), "users");
  const std::string own_id = own.substr(own.find("\"id\":") + 5, own.find(',') - own.find("\"id\":") - 5);
  EXPECT_EQ(as(ada, "DELETE", "/v1/users/" + own_id).status, 409) << "one owner is always left";
}

TEST_F(ConsoleAccessTest, ADraftThatWaitsIsItsWritersAndTheirsWhoMayApprove) {
  const Browser ada = owner();
  const Browser pat = user(ada, "Pat", "product"), quinn = user(ada, "Quinn", "product");
  const auto draft = [](int share) {
    return fmt::format(
        R"({{"title":"Mine","state":"draft","lanes":[{{"lane":"a","share":{},"source":"trend"}},)"
        R"({{"lane":"b","share":{},"source":"region"}}]}})",
        share, 100 - share);
  };
  const auto writes = [&](const Browser& who, int share) {
    const auto reply = as(who, "PUT", "/v1/scenes/mine", draft(share));
    if (reply.status == 200)
      send("GET", "/v1/segments", admin_, "", {{"X-Log-Offset", text(reply, "offset")}});
    return reply;
  };
  ASSERT_EQ(writes(pat, 60).status, 200);
  EXPECT_EQ(writes(pat, 70).status, 200) << "her own";
  const auto refused = writes(quinn, 50);
  EXPECT_EQ(refused.status, 409) << refused.body;
  EXPECT_NE(refused.body.find("a draft by user:"), std::string::npos) << refused.body;
  const auto scenes = as(ada, "GET", "/v1/scenes");
  EXPECT_NE(scenes.body.find(R"("share":70)"), std::string::npos) << scenes.body;
  EXPECT_EQ(as(quinn, "DELETE", "/v1/scenes/mine/draft").status, 403) << "nor does she throw it away";
  EXPECT_EQ(writes(ada, 80).status, 200) << "who may approve may also write";
}

TEST_F(ConsoleAccessTest, AKeyAndAUserOfOneShopStayInIt) {
  ASSERT_TRUE(engine_->create_shop("second", {}).ok());
  const Browser ada = owner();
  EXPECT_EQ(text(as(ada, "GET", "/v1/session"), "shops"), R"(["main","second"])");
  const auto moved = as(ada, "PUT", "/v1/session/shop", R"({"shop":"second"})");
  EXPECT_EQ(text(moved, "shop"), "second") << moved.body;
  EXPECT_EQ(as(ada, "PUT", "/v1/session/shop", R"({"shop":"third"})").status, 404);
  EXPECT_EQ(as(ada, "PUT", "/v1/session/shop", R"({})").status, 400);

  // What the shop's own key makes belongs to the shop, even when it says otherwise.
  const auto made = send("POST", "/v1/users", admin_, R"({"name":"Local","role":"owner","password":null})");
  ASSERT_EQ(made.status, 201) << made.body;
  const Browser local = by_link(text(made, "token"));
  EXPECT_EQ(text(as(local, "GET", "/v1/session"), "shops"), R"(["main"])");
  EXPECT_EQ(as(local, "PUT", "/v1/session/shop", R"({"shop":"second"})").status, 404);
  EXPECT_EQ(as(local, "GET", "/v1/shops").body.find("second"), std::string::npos);
  EXPECT_EQ(as(local, "GET", "/v1/users").body.find("Ada"), std::string::npos);
  EXPECT_EQ(as(local, "POST", "/v1/users", R"({"name":"X","role":"viewer","shops":["second"]})").status, 404);
  EXPECT_EQ(as(local, "POST", "/v1/shops", R"({"name":"mine"})").status, 403);
  const std::string all = text(as(ada, "GET", "/v1/users"), "users");
  const std::string ada_id = all.substr(all.find("\"id\":") + 5, all.find(',') - all.find("\"id\":") - 5);
  EXPECT_EQ(as(local, "DELETE", "/v1/users/" + ada_id).status, 404);
  EXPECT_EQ(as(local, "PUT", "/v1/users/" + ada_id, R"({"password":"battery staple"})").status, 404);

  EXPECT_EQ(as(ada, "POST", "/v1/shops", R"({"name":"third"})").status, 201);
  EXPECT_EQ(as(ada, "POST", "/v1/shops", R"({"name":"third"})").status, 409);
  EXPECT_EQ(as(ada, "POST", "/v1/shops", R"({"name":"No Name"})").status, 400);
  EXPECT_NE(as(ada, "GET", "/v1/shops").body.find("third"), std::string::npos);
}

TEST_F(ConsoleAccessTest, ThePublicKeyInABodyGoesBeforeTheCookie) {
  // The storefront is served from the console's origin, so the browser sends the cookie along with its
  // events.
  const Browser ada = owner();
  const auto sent =
      send("POST", "/v1/t", "", R"({"event":"X","anonymousId":"a-1","writeKey":")" + public_ + "\"}",
           {{"Cookie", "rapport_session=" + ada.cookie}, {"Origin", origin()}});
  EXPECT_EQ(sent.status, 200) << sent.body;
  EXPECT_EQ(send("POST", "/v1/t", "", R"({"event":"X","anonymousId":"a-1"})",
                 {{"Cookie", "rapport_session=" + ada.cookie}, {"Origin", origin()}})
                .status,
            403);
}

TEST_F(ConsoleAccessTest, LimitsRequestsByUser) {
  const Browser ada = owner();
  const Browser bob = user(ada, "Bob", "viewer");
  // Sessions live in the API; a new one with low limits knows them no more.
  serve({.requests_a_second = 5});
  const Browser first = by_link(link());
  int refused = 0;
  for (int i = 0; i < 50; ++i) refused += as(first, "GET", "/v1/segments").status == 429 ? 1 : 0;
  EXPECT_GT(refused, 20);
  EXPECT_EQ(send("GET", "/v1/segments", admin_).status, 200);
  EXPECT_EQ(as(bob, "GET", "/v1/segments").status, 401);
}

TEST_F(ConsoleAccessTest, ServesTheConsoleBesideTheApi) {
  constexpr assets::File kFiles[] = {
      {"/assets/app-0a1b.js", "text/javascript; charset=utf-8", "aaaa", "let a", "zipped", ""},
      {"/index.html", "text/html; charset=utf-8", "dddd", "<title>console", "", ""}};
  const assets::Bundle bundle{kFiles};
  serve({.console = &bundle});
  const auto page = send("GET", "/customers", "");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<title>console");
  EXPECT_NE(page.header("content-security-policy").find("default-src 'self'"), std::string_view::npos);
  const auto script = send("GET", "/assets/app-0a1b.js", "", "", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(script.body, "zipped");
  EXPECT_EQ(script.header("content-encoding"), "gzip");
  const auto again =
      send("GET", "/assets/app-0a1b.js", "", "",
           {{"If-None-Match", std::string(script.header("etag"))}, {"Accept-Encoding", "gzip"}});
  EXPECT_EQ(again.status, 304);
  EXPECT_TRUE(again.body.empty());
  EXPECT_EQ(send("POST", "/customers", "", "{}").status, 404);
  EXPECT_EQ(send("GET", "/assets/gone-1.js", "").status, 404);
  EXPECT_EQ(send("GET", "/v1/nowhere", "").header("content-type"), "application/problem+json");
  const assets::Bundle none;
  serve({.console = &none});
  EXPECT_EQ(send("GET", "/", "").body, assets::plain_page());
  EXPECT_EQ(send("GET", "/livez", "").body, "alive\n");
}

}  // namespace
}  // namespace rapport::http
