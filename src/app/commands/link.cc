#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/session.h"
#include "codec/json_writer.h"

// rapport link: a one-time link that lets its holder in at the console as the folder's administrator.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, listen = "127.0.0.1:8080";
  bool quiet = false;
};

/// "http://HOST:PORT" of what --listen says; a whole address ("https://shop.example") stays as it is.
std::string address_of(const std::string& listen) {
  if (listen.find("://") != std::string::npos)
    return listen.ends_with('/') ? listen.substr(0, listen.size() - 1) : listen;
  for (const std::string any : {"0.0.0.0:", "[::]:"}) {
    if (listen.starts_with(any)) return "http://127.0.0.1:" + listen.substr(any.size());
  }
  return "http://" + listen;
}

void make(const Asked& asked) {
  Session session = must(Session::open(asked.data, ""));
  std::string json;
  codec::JsonWriter body(json);
  body.begin_object();
  body.field("shop", asked.shop);
  body.end_object();
  const auto reply = session.call({"POST", "/v1/links", json});
  std::printf("%s/welcome?token=%s\n", address_of(asked.listen).c_str(), field(reply.body, "token").c_str());
  if (asked.quiet) return;
  std::fprintf(stderr, "lets its holder in as administrator, once, until %s\n",
               field(reply.body, "expires_at").c_str());
}

}  // namespace

void add_link(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("link", "Print a one-time administrator link to the console");
  add_data_option(*command, asked->data);
  command->add_option("--shop", asked->shop, "shop that is shown first");
  command
      ->add_option("--listen", asked->listen, "where the folder is served: address and port, or https://HOST")
      ->capture_default_str();
  command->add_flag("--quiet", asked->quiet, "the link alone");
  command->footer("Example: rapport link --data ./data --shop main");
  command->callback([asked] { make(*asked); });
}

}  // namespace rapport::app
