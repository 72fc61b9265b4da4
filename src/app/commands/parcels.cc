#include <cstdio>
#include <memory>

#include "app/command.h"
#include "app/parts.h"
#include "app/session.h"
#include "codec/json_index.h"
#include "http/message.h"

// rapport parcels: where parcels are and which will be late, in the terminal; and the policy of announcing.
namespace rapport::app {
namespace {

struct Asked {
  std::string data, shop, id, file, queue = "open";
  std::int64_t most = 50;
  bool json = false;
};

void show(const Asked& asked, const std::string& body) {
  show_answer(asked.json, body);
}

void list(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  const auto reply = session.call(
      {"GET", fmt::format("/v1/parcels?queue={}&limit={}", http::percent_encode(asked.queue), asked.most)});
  codec::JsonIndex json;
  if (asked.json || !json.parse(reply.body).ok()) return show(asked, reply.body);
  std::printf("%-20s  %-20s  %-7s  %-20s  %-16s  %-10s  %s\n", "promised", "expected", "chance", "order",
              "node", "carrier", "announced");
  std::size_t shown = 0;
  for (codec::JsonItems items(json.root().find("parcels")); items.next(); ++shown) {
    const codec::JsonValue parcel = items.value();
    const auto get = [&](std::string_view name) { return text_of(parcel.find(name)); };
    const codec::JsonValue estimate = parcel.find("estimate");
    const bool told = parcel.find("announced").present() && !parcel.find("announced").is_null();
    const std::string expected =
        estimate.present() && !estimate.is_null() ? text_of(estimate.find("at")) : "-";
    std::printf("%-20s  %-20s  %-7s  %-20s  %-16s  %-10s  %s\n", get("promised").substr(0, 20).c_str(),
                expected.substr(0, 20).c_str(), get("late_chance").c_str(), get("order_id").c_str(),
                get("node").c_str(), get("carrier").c_str(), told ? "yes" : "");
  }
  const codec::JsonValue counts = json.root().find("counts");
  std::printf("%zu of %s", shown, text_of(json.root().find("matching")).c_str());
  if (counts.present()) {
    std::printf("; open %s, likely late %s, late %s", text_of(counts.find("open")).c_str(),
                text_of(counts.find("likely_late")).c_str(), text_of(counts.find("late")).c_str());
  }
  std::printf("\n");
}

void one(const Asked& asked) {
  Session session = must(Session::open(asked.data, asked.shop));
  show(asked, session.call({"GET", "/v1/parcels/" + http::percent_encode(asked.id)}).body);
}

void policy(const Asked& asked) {
  show_or_publish({asked.data, asked.shop, asked.file, asked.json}, "/v1/parcels/policy");
}

}  // namespace

void add_parcels(CLI::App& app) {
  auto asked = std::make_shared<Asked>();
  CLI::App* parent =
      app.add_subcommand("parcels", "Parcels: when they will come, which will be late, what is announced");
  parent->require_subcommand(1);
  CLI::App* part =
      add_part(*parent, asked, "list", "Parcels with promise, estimate and chance of being late", list);
  part->add_option("--queue", asked->queue, "open, likely_late, late or delivered")->capture_default_str();
  part->add_option("--most", asked->most, "so many")->capture_default_str();
  part = add_part(*parent, asked, "show", "One parcel: nodes, estimate, what was announced", one);
  part->add_option("ORDER", asked->id, "the order")->required();
  part = add_part(*parent, asked, "policy",
                  "When delays are announced and what is given; with --file it is published", policy);
  part->add_option("--file", asked->file, "JSON (docs/parcels.md)");
}

}  // namespace rapport::app
