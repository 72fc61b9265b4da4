#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>

#include "app/command.h"
#include "app/session.h"
#include "base/bytes.h"
#include "codec/json_index.h"
#include "engine/ledger_receipt.h"
#include "views/merkle.h"

// rapport ledger: what became of customers, in a tree that nobody changes unseen.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, out, receipt, key, since;
  std::uint64_t seq = 0;
  bool json = false;
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream whole;
  whole << in.rdbuf();
  if (!in) must(Status(Error{Errc::io, "cannot be read", path}));
  return whole.str();
}

codec::JsonValue parse(codec::JsonIndex& index, const std::string& text) {
  must(index.parse(text));
  return index.root();
}

void print_tree(const std::string& body, bool as_json) {
  if (as_json) {
    std::printf("%s\n", body.c_str());
    return;
  }
  codec::JsonIndex index;
  const codec::JsonValue root = parse(index, body);
  std::printf("ledger %s\nrecords %s\nroot %s\nlog read to %s\nkey %s\n", root.find("origin").text().c_str(),
              std::string(root.find("size").raw()).c_str(), root.find("root").text().c_str(),
              std::string(root.find("upto").raw()).c_str(), root.find("key").text().c_str());
}

void show(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  print_tree(session.call({"GET", "/v1/ledger", ""}).body, asked.json);
}

void checkpoint(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"GET", "/v1/ledger", ""});
  codec::JsonIndex index;
  std::fputs(parse(index, reply.body).find("checkpoint").text().c_str(), stdout);
}

void receipt(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call({"GET", fmt::format("/v1/ledger/receipts/{}", asked.seq), ""});
  codec::JsonIndex index;
  const std::string text(parse(index, reply.body).find("receipt").raw());
  if (asked.out.empty()) {
    std::printf("%s\n", text.c_str());
    return;
  }
  std::ofstream(asked.out, std::ios::binary) << text << '\n';
  std::printf("%s\n", asked.out.c_str());
}

/// Without a folder and without a server: the file, and the key that its reader trusts.
void verify_receipt(const Asked& asked) {
  const auto read = must(engine::parse_receipt(read_file(asked.receipt)));
  const auto tree = must(engine::check_receipt(read, asked.key));
  if (asked.json) {
    std::printf("{\"origin\":\"%s\",\"seq\":%llu,\"index\":%llu,\"size\":%llu,\"root\":\"%s\"}\n",
                tree.origin.c_str(), static_cast<unsigned long long>(read.seq.value),
                static_cast<unsigned long long>(read.index), static_cast<unsigned long long>(tree.size),
                to_base64(as_view(tree.root)).c_str());
    return;
  }
  std::printf("holds: record %llu of %s is number %llu of %llu in the signed ledger\n",
              static_cast<unsigned long long>(read.seq.value), tree.origin.c_str(),
              static_cast<unsigned long long>(read.index), static_cast<unsigned long long>(tree.size));
  if (asked.key.empty())
    std::printf("by the receipt's own key; give --key to hold it to one that you know\n");
}

/// The tree of today begins with the one that an older note signed.
void verify_since(Session& session, const Asked& asked) {
  const std::string older_note = read_file(asked.since);
  codec::JsonIndex index;
  const std::string now = session.call({"GET", "/v1/ledger", ""}).body;
  const codec::JsonValue root = parse(index, now);
  const std::string key = asked.key.empty() ? root.find("key").text() : asked.key;
  const auto older = must(engine::open_checkpoint(older_note, key));
  if (older.size == 0) {
    std::printf("holds: the older ledger was empty\n");
    return;
  }
  const auto reply = session.call({"GET", fmt::format("/v1/ledger/consistency?from={}", older.size), ""});
  codec::JsonIndex answer;
  const codec::JsonValue proof = parse(answer, reply.body);
  const auto newer = must(engine::open_checkpoint(proof.find("checkpoint").text(), key));
  std::vector<Digest> path;
  for (codec::JsonItems items(proof.find("proof")); items.next();) {
    const std::string bytes = must(from_base64(items.value().text()));
    if (bytes.size() != sizeof(Digest)) must(Status(Error{Errc::corrupt, "no hash of 32 bytes", "proof"}));
    std::copy(bytes.begin(), bytes.end(), path.emplace_back().begin());
  }
  if (!views::is_consistent(older.size, newer.size, older.root, newer.root, path)) {
    must(
        Status(Error{Errc::corrupt,
                     fmt::format("the ledger of {} records does not begin with the one of {} that was signed",
                                 newer.size, older.size),
                     asked.since}));
  }
  std::printf("holds: the ledger of %llu records begins with the one of %llu that was signed\n",
              static_cast<unsigned long long>(newer.size), static_cast<unsigned long long>(older.size));
}

void verify(const Asked& asked) {
  if (!asked.receipt.empty()) return verify_receipt(asked);
  Session session = must(Session::open(asked.data, asked.shop));
  if (!asked.since.empty()) return verify_since(session, asked);
  const std::string body = session.call({"POST", "/v1/ledger/verify", ""}).body;
  codec::JsonIndex index;
  if (!asked.json) {
    const codec::JsonValue root = parse(index, body);
    std::printf(
        "verified: the tree was made again from the log up to position %s, and its %s records have the "
        "root that is kept\n",
        std::string(root.find("upto").raw()).c_str(), std::string(root.find("size").raw()).c_str());
  }
  print_tree(body, asked.json);
}

}  // namespace

void add_ledger(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* command = app.add_subcommand(
      "ledger", "Satisfaction records in a Merkle tree: answered surveys, reviews, what became of tickets");
  command->require_subcommand(0, 1);
  add_data_option(*command, asked->data);
  add_shop_option(*command, asked->shop);
  command->add_flag("--json", asked->json, "one JSON document on one line");

  CLI::App* note = command->add_subcommand("checkpoint", "the signed note of the tree as it stands");
  note->fallthrough();
  note->callback([asked] { checkpoint(*asked); });

  CLI::App* proof = command->add_subcommand("receipt", "that the record at a position stands in the ledger");
  proof->fallthrough();
  proof->add_option("seq", asked->seq, "position of the record")->required();
  proof->add_option("--out", asked->out, "write it to this file");
  proof->callback([asked] { receipt(*asked); });

  CLI::App* check = command->add_subcommand(
      "verify", "makes the tree again from the log and compares; or checks a receipt, or an older note");
  check->fallthrough();
  check->add_option("--receipt", asked->receipt, "a receipt's file: checked without folder or server")
      ->check(CLI::ExistingFile);
  check->add_option("--since", asked->since, "a file with an older checkpoint: the tree must begin with it")
      ->check(CLI::ExistingFile)
      ->excludes("--receipt");
  check->add_option("--key", asked->key, "the ledger's key as you know it");
  check->callback([asked] { verify(*asked); });

  command->footer(
      "Without a word it tells size, root and key.\n"
      "Example: rapport ledger verify --receipt receipt.json --key rapport/main+1a2b3c4d+AT...");
  command->callback([asked, command] {
    if (command->get_subcommands().empty()) show(*asked);
  });
}

}  // namespace rapport::app
