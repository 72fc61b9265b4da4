#include "http/api.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "codec/json_index.h"
#include "http/detail/ask.h"
#include "http/openapi.h"

namespace rapport::http {
namespace {

TEST(Router, FindsRoutesByMethodAndPattern) {
  const Router router(api_routes());
  const Match customer = router.find(Method::get, "/v1/customers/email%3Aa%40b.c");
  ASSERT_NE(customer.route, nullptr);
  EXPECT_EQ(customer.route->pattern, "/v1/customers/{id}");
  EXPECT_EQ(customer.values[0], "email:a@b.c");
  EXPECT_EQ(router.find(Method::get, "/v1/customers/a/explain").route->pattern, "/v1/customers/{id}/explain");
  EXPECT_EQ(router.find(Method::del, "/v1/customers/a").route->needs, model::Permission::erase);
  EXPECT_EQ(router.find(Method::get, "/v1/customers/").route, nullptr);
  EXPECT_EQ(router.find(Method::get, "/v1/customers/a/b/c").route, nullptr);
  EXPECT_EQ(router.find(Method::get, "/v1/trackx").route, nullptr);
  const Match wrong = router.find(Method::get, "/v1/track");
  EXPECT_EQ(wrong.route, nullptr);
  EXPECT_TRUE(wrong.path_known);
}

// The table is searched by the second part of the path; which pattern is the first that fits must not change.
TEST(Router, TheFirstPatternThatFitsWins) {
  const auto route = [](std::string_view pattern) {
    Route one;
    one.pattern = pattern;
    return one;
  };
  const Route table[] = {route("/v1/{name}/all"),  route("/v1/things/all"), route("/v1/things/{id}"),
                         route("/v1/{name}/{id}"), route("/{root}/other"),  route("/v1")};
  const Router router(table);
  const auto found = [&](std::string_view path) {
    const Match match = router.find(Method::get, path);
    return match.route == nullptr ? std::string_view("none") : match.route->pattern;
  };
  EXPECT_EQ(found("/v1/things/all"), "/v1/{name}/all");
  EXPECT_EQ(found("/v1/things/7"), "/v1/things/{id}");
  EXPECT_EQ(found("/v1/others/7"), "/v1/{name}/{id}");
  EXPECT_EQ(found("/v2/other"), "/{root}/other");
  EXPECT_EQ(found("/v1/other"), "/{root}/other");
  EXPECT_EQ(found("/v1"), "/v1");
  EXPECT_EQ(found("/v1/things"), "none");
  EXPECT_EQ(found("/"), "none");
  EXPECT_EQ(found(""), "none");
}

TEST(Router, NoTwoRoutesAreTheSame) {
  std::set<std::string> seen;
  for (const Route& route : api_routes()) {
    EXPECT_TRUE(seen.insert(std::string(method_name(route.method)) + std::string(route.pattern)).second)
        << route.pattern;
    EXPECT_NE(route.handle, nullptr);
    EXPECT_FALSE(route.summary.empty());
    EXPECT_TRUE(route.summary.ends_with('.'));
  }
}

TEST(Routes, WhatTakesABodyLetsOneIn) {
  for (const Route& route : api_routes()) {
    // Batches and uploads have limits of the server's own.
    if (route.body.empty() || route.handle == handlers::ingest || route.handle == handlers::import) continue;
    EXPECT_GT(route.body_most, 0U) << method_name(route.method) << " " << route.pattern;
  }
}

/// Every "$ref" in a document.
void collect_refs(codec::JsonValue value, std::set<std::string>& refs) {
  for (codec::JsonMembers members(value); members.next();) {
    if (members.key() == "$ref") refs.insert(members.value().text());
    collect_refs(members.value(), refs);
  }
  for (codec::JsonItems items(value); items.next();) collect_refs(items.value(), refs);
}

TEST(OpenApi, DescribesEveryRouteAndEveryReferenceLeadsSomewhere) {
  const std::string document = openapi_document(api_routes());
  codec::JsonIndex json;
  ASSERT_TRUE(json.parse(document).ok());
  const codec::JsonValue root = json.root();
  EXPECT_EQ(root.find("openapi").text(), "3.1.0");
  std::size_t operations = 0;
  std::set<std::string> ids;
  for (codec::JsonMembers paths(root.find("paths")); paths.next();) {
    for (codec::JsonMembers methods(paths.value()); methods.next();) {
      ++operations;
      EXPECT_TRUE(ids.insert(methods.value().find("operationId").text()).second) << paths.key();
      EXPECT_TRUE(methods.value().find("responses").find("default").present()) << paths.key();
    }
  }
  EXPECT_EQ(operations, api_routes().size());
  std::set<std::string> refs;
  collect_refs(root, refs);
  const codec::JsonValue schemas = root.find("components").find("schemas");
  for (const std::string& ref : refs) {
    const std::string name = ref.substr(ref.rfind('/') + 1);
    EXPECT_TRUE(schemas.find(name).present()) << ref;
  }
  // Each name in a path says what is meant, and only customers are named as customers are.
  for (codec::JsonMembers paths(root.find("paths")); paths.next();) {
    for (codec::JsonMembers methods(paths.value()); methods.next();) {
      for (codec::JsonItems all(methods.value().find("parameters")); all.next();) {
        if (all.value().find("in").text() != "path") continue;
        const std::string doc = all.value().find("description").text();
        EXPECT_FALSE(doc.empty()) << paths.key() << " " << all.value().find("name").text();
        EXPECT_EQ(doc.starts_with("Customer id"), paths.key().starts_with("/v1/customers/")) << paths.key();
      }
    }
  }
  // No schema stands there for nobody, but for those that describe events.
  for (codec::JsonMembers members(schemas); members.next();) {
    const std::string name(members.key());
    if (name.ends_with("Properties") || name.ends_with("Traits")) continue;
    EXPECT_TRUE(refs.contains("#/components/schemas/" + name)) << name;
  }
}

}  // namespace
}  // namespace rapport::http
