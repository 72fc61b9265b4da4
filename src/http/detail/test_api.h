#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "codec/json_index.h"
#include "http/api.h"
#include "http/client.h"
#include "http/server.h"

/// For tests: the API over a real engine, in process. Every answer is held to the schema that /openapi.json
/// gives for it.
namespace rapport::http {

using codec::JsonIndex;
using codec::JsonItems;
using codec::JsonKind;
using codec::JsonMembers;
using codec::JsonValue;

/// The part of JSON Schema that our document uses. "" when `value` fits, else the path at which it does not.
class SchemaCheck {
 public:
  explicit SchemaCheck(std::string document) : document_(std::move(document)) {
    EXPECT_TRUE(index_.parse(document_).ok());
  }
  JsonValue root() const { return index_.root(); }

  std::string misfit(JsonValue schema, JsonValue value, const std::string& at = "$") const {
    if (const JsonValue ref = schema.find("$ref"); ref.present()) {
      const std::string name = ref.text();
      return misfit(root().find("components").find("schemas").find(name.substr(name.rfind('/') + 1)), value,
                    at);
    }
    if (const JsonValue type = schema.find("type"); type.present() && !has_type(type, value))
      return at + " type";
    if (const JsonValue words = schema.find("enum"); words.present()) {
      bool found = false;
      for (JsonItems items(words); items.next();) found = found || items.value().raw() == value.raw();
      if (!found) return at + " enum";
    }
    for (JsonItems names(schema.find("required")); names.next();) {
      if (value.is(JsonKind::object) && !value.find(names.value().text()).present()) {
        return at + " lacks " + names.value().text();
      }
    }
    for (JsonMembers members(schema.find("properties")); members.next();) {
      const std::string name(members.key());
      const JsonValue member = value.find(name);
      if (!member.present()) continue;
      if (auto wrong = misfit(members.value(), member, at + "." + name); !wrong.empty()) return wrong;
    }
    if (const JsonValue items = schema.find("items"); items.present()) {
      for (JsonItems values(value); values.next();) {
        if (auto wrong = misfit(items, values.value(), at + "[]"); !wrong.empty()) return wrong;
      }
    }
    return "";
  }

 private:
  static bool has_type(JsonValue type, JsonValue value) {
    if (type.is(JsonKind::array)) {
      for (JsonItems items(type); items.next();) {
        if (has_type(items.value(), value)) return true;
      }
      return false;
    }
    const std::string name = type.text();
    if (name == "integer") return value.integer().has_value();
    return json_kind_name(value.kind()) == name;
  }
  std::string document_;
  JsonIndex index_;
};

class ApiOverEngine : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / fmt::format("rapport_api_{}_{}", ::getpid(), counter_++);
    std::filesystem::create_directories(folder_ / "scratch");
    auto opened = engine::Engine::open({.data = folder_ / "data", .compression = false});
    ASSERT_TRUE(opened.ok()) << opened.error().describe();
    engine_ = std::move(*opened);
    auto shop = engine_->create_shop("main", {});
    ASSERT_TRUE(shop.ok());
    shop_ = *shop;
    admin_ = *engine_->add_key(shop_, model::KeyRole::admin, "a");
    ingest_ = *engine_->add_key(shop_, model::KeyRole::ingest, "i");
    read_ = *engine_->add_key(shop_, model::KeyRole::read, "r");
    public_ = *engine_->add_key(shop_, model::KeyRole::publik, "p");
    serve({});
  }
  void TearDown() override {
    client_.reset();
    server_.reset();
    api_.reset();
    if (engine_) engine_->stop();
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  void serve(ApiOptions options) {
    client_.reset();
    server_.reset();
    options.scratch = folder_ / "scratch";
    api_ = std::make_unique<Api>(*engine_, options);
    auto server = Server::start({.listen = "127.0.0.1:0", .socket = folder_ / "api.sock"}, *api_);
    ASSERT_TRUE(server.ok());
    server_ = std::move(*server);
    client_ = std::make_unique<Client>(Place{.port = server_->port()});
    document_ = std::make_unique<SchemaCheck>(client_->call({.target = "/openapi.json"})->body);
  }

  using Headers = std::vector<std::pair<std::string, std::string>>;
  ClientReply send(const std::string& method, const std::string& target, const std::string& key,
                   const std::string& body = "", Headers headers = {}) {
    if (!key.empty()) headers.emplace_back("Authorization", basic_authorization(key));
    auto reply = client_->call({method, target, headers, body});
    EXPECT_TRUE(reply.ok()) << method << " " << target << ": " << reply.error().describe();
    if (!reply.ok()) return {};
    hold_to_schema(method, target, *reply);
    return std::move(*reply);
  }

  /// The answer is what the document says of this path.
  void hold_to_schema(const std::string& method, const std::string& target, const ClientReply& reply) {
    const std::string path = target.substr(0, target.find('?'));
    const Router router(api_routes());
    const Method verb = method == "GET"      ? Method::get
                        : method == "PUT"    ? Method::put
                        : method == "DELETE" ? Method::del
                                             : Method::post;
    const Match match = router.find(verb, path);
    if (match.route == nullptr || reply.body.empty()) return;
    std::string lower = method;
    for (char& c : lower) c = static_cast<char>(c - 'A' + 'a');
    const JsonValue answers =
        document_->root().find("paths").find(match.route->pattern).find(lower).find("responses");
    const std::string media(reply.header("content-type"));
    const JsonValue exact = answers.find(std::to_string(reply.status));
    const JsonValue content = (exact.present() ? exact : answers.find("default")).find("content");
    const JsonValue described = content.find(media.substr(0, media.find(';')));
    EXPECT_TRUE(described.present()) << method << " " << target << " answers " << reply.status << " "
                                     << media;
    if (!described.present() || media.find("json") == std::string::npos) return;
    JsonIndex body;
    ASSERT_TRUE(body.parse(reply.body).ok()) << reply.body;
    EXPECT_EQ(document_->misfit(described.find("schema"), body.root()), "") << target << ": " << reply.body;
    seen_.insert(std::string(match.route->pattern));
  }

  std::string text(const ClientReply& reply, std::string_view member) {
    EXPECT_TRUE(index_.parse(reply.body).ok()) << reply.body;
    const JsonValue value = index_.root().find(member);
    return !value.present() ? "" : value.is(JsonKind::string) ? value.text() : std::string(value.raw());
  }

  static inline int counter_ = 0;
  std::filesystem::path folder_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<SchemaCheck> document_;
  ShopNo shop_;
  std::string admin_, ingest_, read_, public_;
  std::set<std::string> seen_;
  JsonIndex index_;
};

}  // namespace rapport::http
