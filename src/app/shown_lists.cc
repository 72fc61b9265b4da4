#include "app/shown_lists.h"

#include <filesystem>

#include "codec/json_index.h"
#include "codec/json_writer.h"

namespace rapport::app {
namespace {

Result<world::ShownList> parse_list(const std::string& json) {
  codec::JsonIndex index;
  RAPPORT_CHECK(index.parse(json));
  const auto root = index.root();
  world::ShownList list{
      std::string(root.find("decision_id").text()), std::string(root.find("scene").text()), {}};
  for (codec::JsonItems items(root.find("items")); items.next();) {
    list.items.push_back({std::string(items.value().find("item_kind").text()),
                          std::string(items.value().find("item").text())});
  }
  if (list.decision_id.empty()) list.items.clear();
  return list;
}

std::string line_of(const world::ShownList& list) {
  std::string line;
  codec::JsonWriter json(line);
  json.begin_object();
  json.field("decision_id", list.decision_id);
  json.field("scene", list.scene);
  json.key("items");
  json.begin_array();
  for (const world::ShownItem& item : list.items) {
    json.begin_object();
    json.field("item", item.id);
    json.field("item_kind", item.kind);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  line.push_back('\n');
  return line;
}

}  // namespace

Status ShownLists::load() {
  std::ifstream in(path_, std::ios::binary);
  std::uint64_t whole = 0;
  for (std::string line; std::getline(in, line) && !in.eof(); whole += line.size() + 1) {
    auto list = parse_list(line);
    if (!list.ok()) break;
    kept_.push_back(std::move(*list));
  }
  in.close();
  std::error_code failed;
  if (std::filesystem::exists(path_)) std::filesystem::resize_file(path_, whole, failed);
  if (failed) return Error{Errc::io, "this cannot be written", path_};
  return {};
}

world::ShownList ShownLists::show(const world::Moment& moment) {
  if (moment.number < kept_.size()) return kept_[moment.number];
  if (!status_.ok()) return {};
  auto list = ask(moment);
  if (!list.ok()) {
    status_ = list.error();
    return {};
  }
  keep(*list);
  if (!status_.ok()) return {};
  shown_ += list->items.empty() ? 0 : 1;
  return std::move(*list);
}

Result<world::ShownList> ShownLists::ask(const world::Moment& moment) {
  // Who has logged in this very minute is not known to the shop by that name yet, only her device may be.
  for (const bool named : {true, false}) {
    if (named && moment.user_id.empty()) continue;
    std::string body;
    codec::JsonWriter json(body);
    json.begin_object();
    if (named) {
      json.field("customer", fmt::format("user_id:{}", moment.user_id));
    } else {
      json.field("anonymous_id", moment.anonymous_id);
    }
    if (!moment.product.empty()) json.field("product", moment.product);
    json.field("n", static_cast<std::uint64_t>(moment.count));
    json.end_object();
    RAPPORT_TRY(
        const http::ClientReply reply,
        session_.try_call({.method = "POST", .target = "/v1/recommend", .body = body, .after = offset_}));
    if (reply.status == 404 && named) continue;
    if (reply.status == 404) break;  // no scene serves here
    if (reply.status >= 400) return error_from_problem(reply);
    return parse_list(reply.body);
  }
  return world::ShownList{};
}

void ShownLists::keep(const world::ShownList& list) {
  if (!out_.is_open()) out_.open(path_, std::ios::binary | std::ios::app);
  out_ << line_of(list);
  // Before any event of the list is told: what was told and is not kept would be told again otherwise.
  if (!out_.flush()) status_ = Error{Errc::io, "this cannot be written (disk full?)", path_};
}

}  // namespace rapport::app
