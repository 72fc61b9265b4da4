#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <thread>

#include "app/command.h"
#include "app/session.h"
#include "codec/json_writer.h"

// rapport import: files into a shop by a recipe.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, recipe;
  std::vector<std::string> paths;
  bool json = false, shift_to_now = false;
};

/// A bar on standard error while an import runs; nothing when that is no terminal.
class ProgressBar {
 public:
  ProgressBar(const std::string& data, const std::string& shop) {
    if (isatty(STDERR_FILENO) == 0) return;
    thread_ = std::thread([this, data, shop] { run(data, shop); });
  }
  ~ProgressBar() {
    stopping_ = true;
    if (!thread_.joinable()) return;
    thread_.join();
    std::fprintf(stderr, "\r%*s\r", 60, "");
  }

 private:
  void run(const std::string& data, const std::string& shop) {
    const auto socket = SocketPath::of(data);
    if (!socket.ok()) return;
    http::Client client({.socket = socket->path()}, seconds(5));
    http::ClientRequest request{"GET", "/v1/imports", {{"X-Rapport-Shop", shop}}, ""};
    while (!stopping_) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      const auto reply = client.call(request);
      if (!reply.ok() || reply->status != 200) continue;
      const double part = std::atof(field(reply->body, "progress").c_str());
      const int full = static_cast<int>(part * 40);
      std::fprintf(stderr, "\r[%.*s%*s] %3d %%", full, "########################################", 40 - full,
                   "", static_cast<int>(part * 100));
    }
  }
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

void run(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  std::string json;
  codec::JsonWriter body(json);
  body.begin_object();
  // A recipe is a shipped name or a file; the server that reads it may stand in another folder.
  body.field("recipe", std::filesystem::is_regular_file(asked.recipe)
                           ? std::filesystem::absolute(asked.recipe).string()
                           : asked.recipe);
  body.key("paths");
  body.begin_array();
  for (const std::string& path : asked.paths) body.text(std::filesystem::absolute(path).string());
  body.end_array();
  body.field("shift_to_now", asked.shift_to_now);
  body.end_object();
  http::ClientReply reply;
  {
    const ProgressBar bar(asked.data, asked.shop);
    reply = session.call({"POST", "/v1/imports/local", json});
  }
  if (asked.json) {
    std::printf("%s\n", reply.body.c_str());
    return;
  }
  std::printf("read %s, accepted %s, duplicate %s, rejected %s\n", field(reply.body, "read").c_str(),
              field(reply.body, "accepted").c_str(), field(reply.body, "duplicate").c_str(),
              field(reply.body, "rejected").c_str());
  const std::string notes = field(reply.body, "notes");
  if (notes.size() > 2) std::fprintf(stderr, "%s\n", notes.c_str());
  const std::string problems = field(reply.body, "problems");
  if (problems.size() > 2) std::fprintf(stderr, "%s\n", problems.c_str());
}

}  // namespace

void add_import(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand("import", "Read files into a shop by a recipe");
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command->add_option("--recipe", asked->recipe, "olist, complete-journey, events-jsonl, or a recipe file")
      ->required();
  command->add_option("paths", asked->paths, "files or folders")->required()->check(CLI::ExistingPath);
  command->add_flag("--shift-to-now", asked->shift_to_now, "move the history so that it ends now");
  command->add_flag("--json", asked->json,
                    R"({"read":n,"accepted":n,"duplicate":n,"rejected":n} on one line)");
  command->footer(
      "Example: rapport import --data ./data --shop main --recipe olist ./olist\n"
      "Importing the same files again adds nothing. How to write a recipe: docs/recipes.md");
  command->callback([asked] { run(*asked); });
}

}  // namespace rapport::app
