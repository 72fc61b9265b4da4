#include <algorithm>
#include <future>

#include "base/log.h"
#include "codec/scene.h"
#include "decide/policy_replay.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/recommend_parts.h"
#include "learn/popularity.h"
#include "model/catalogue_ids.h"

// What recommendations are answered from: offers, counters and scenes, copied from the state in pieces.
namespace rapport::engine {
namespace {

namespace k = model::kind;
using model::OfferKind;

constexpr std::size_t kPiece = 500;
constexpr std::int32_t kPeriods = 3;  ///< of 28 days, as best-sellers are counted

/// Runs on the shop thread and waits.
void on_shop(Shop& shop, const std::function<void()>& task) {
  std::promise<void> done;
  shop.post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

struct Noun {
  std::string id, text;
};

/// All of a kind, a piece at a time.
std::vector<Noun> fetch_nouns(Shop& shop, model::EventKind kind) {
  std::vector<Noun> nouns;
  for (bool more = true; more;) {
    on_shop(shop, [&] {
      const auto ids = shop.state().noun_ids(kind);
      auto at = nouns.empty() ? ids.begin()
                              : std::upper_bound(ids.begin(), ids.end(), std::string_view(nouns.back().id));
      for (std::size_t i = 0; i < kPiece && at != ids.end(); ++i, ++at)
        nouns.push_back({std::string(*at), std::string(shop.state().noun(kind, *at))});
      more = at != ids.end();
    });
  }
  return nouns;
}

/// Every product that the shop knows, published or only ever sold, by its number less one.
void fetch_products(Shop& shop, std::vector<decide::OfferBookParts::Entry>& products) {
  for (bool more = true; more;) {
    std::vector<Noun> piece;
    std::vector<Instant> published;
    on_shop(shop, [&] {
      const auto& tables = shop.state().tables();
      const auto& ids = tables.dictionary(views::DictionaryKind::products);
      const std::size_t have = products.size();
      for (std::size_t number = have + 1; number <= ids.size() && piece.size() < kPiece; ++number) {
        const auto id = ids.text(static_cast<std::uint32_t>(number));
        piece.push_back({std::string(id), std::string(shop.state().noun(k::product_published, id))});
        published.push_back(tables.product(static_cast<std::uint32_t>(number)).published);
      }
      more = have + piece.size() < ids.size();
    });
    for (std::size_t i = 0; i < piece.size(); ++i) {
      auto& entry = products.emplace_back();
      entry.offer.id = piece[i].id;
      entry.published = !piece[i].text.empty();
      entry.published_at = published[i];
      if (!entry.published) continue;
      if (auto offer = codec::parse_offer(OfferKind::product, piece[i].id, piece[i].text); offer.ok())
        entry.offer = std::move(*offer);
    }
  }
}

void fetch_sold(Shop& shop, std::vector<decide::Sold>& sold) {
  on_shop(shop, [&] {
    const auto all = shop.state().product_counts();
    const auto& words = shop.state().tables().words();
    for (auto row = all.rbegin(); row != all.rend() && row->period > all.back().period - kPeriods; ++row) {
      if (row->product == 0 || row->pieces == 0) continue;
      sold.push_back({row->product - 1, "", row->pieces});
      if (row->region_word != 0)
        sold.push_back({row->product - 1, std::string(words.text(row->region_word)), row->pieces});
    }
  });
}

Digest policy_of(const model::Scene& scene) {
  std::string text;
  codec::JsonWriter json(text);
  codec::write_scene(json, scene);
  return sha256(text);
}

/// The models' items are the shop's products in the same order, or the models are of another log.
bool are_of_this_shop(const learn::ModelSet& set,
                      const std::vector<decide::OfferBookParts::Entry>& products) {
  if (set.items.size() > products.size()) return false;
  for (std::size_t i = 0; i < set.items.size(); ++i) {
    if (set.items[i] != products[i].offer.id) return false;
  }
  return true;
}

}  // namespace

Status fetch_offers(Shop& shop, RecommendDesk::Serving& serving) {
  decide::OfferBookParts parts;
  fetch_products(shop, parts.products);
  fetch_sold(shop, parts.sold);
  if (serving.models != nullptr && !are_of_this_shop(serving.models->set, parts.products)) {
    log(LogLevel::warn, "the models are not of this log and do not serve; train again",
        {{"shop", shop.info().name}});
    serving.models = nullptr;
  }
  if (serving.models != nullptr) {
    if (const auto* trend = serving.models->set.find<learn::Popularity>("trend"))
      parts.trend.assign(trend->shares().begin(), trend->shares().end());
  }
  for (const auto& [kind, offers] : {std::pair{k::bundle_published, OfferKind::bundle},
                                     {k::content_published, OfferKind::content},
                                     {k::service_published, OfferKind::service},
                                     {k::coupon_published, OfferKind::coupon}}) {
    for (const Noun& noun : fetch_nouns(shop, kind)) {
      auto offer = codec::parse_offer(offers, noun.id, noun.text);
      if (offer.ok()) parts.others.push_back({std::move(*offer), true, Instant::min()});
    }
  }
  serving.book = std::make_shared<const decide::OfferBook>(std::move(parts));
  return {};
}

namespace {

/// A scene ready to serve. Errors: what does not parse in it.
Result<ServingScene> serving_of(const std::string& id, const std::string& text) {
  ServingScene one;
  RAPPORT_TRY(one.scene, codec::parse_scene(id, text));
  one.never = one.scene.trigger.empty();
  if (!one.never && one.scene.trigger != "true") {
    RAPPORT_TRY(one.trigger, views::parse_rule(one.scene.trigger));
  }
  one.policy = policy_of(one.scene);
  one.lanes = decide::lanes_digest(one.scene);
  return one;
}

}  // namespace

Status fetch_scenes(Shop& shop, RecommendDesk::Serving& serving) {
  std::map<std::string, std::string> texts;
  for (const auto& [id, text] : codec::shipped_scenes()) texts.emplace(id, text);
  for (Noun& noun : fetch_nouns(shop, k::scene_published)) texts[noun.id] = std::move(noun.text);
  for (const auto& [id, text] : texts) {
    const bool draft = id.ends_with(kDraftSuffix);
    if (draft && !is_waiting_draft(text)) continue;
    auto one = serving_of(draft ? id.substr(0, id.size() - kDraftSuffix.size()) : id, text);
    if (!one.ok()) {
      log(LogLevel::warn, "a scene was passed over",
          {{"shop", shop.info().name}, {"scene", id}, {"why", one.error().describe()}});
      continue;
    }
    if (draft) {
      one->draft = draft_digest(text);
      const auto members = NounMembers::parse(text);
      if (members.ok()) one->drafted_at = (*members)->text("drafted_at");
      // A preview draws by the shares as they are written.
      one->shares[SceneLedger::kOther] = decide::lane_shares(one->scene, {}, {}, 0);
    }
    (draft ? serving.drafts : serving.scenes).push_back(std::move(*one));
  }
  std::stable_sort(serving.scenes.begin(), serving.scenes.end(),
                   [](const auto& a, const auto& b) { return a.scene.rank < b.scene.rank; });
  return {};
}

void learn_shares(const SceneLedger& ledger, RecommendDesk::Serving& serving) {
  static const SceneLedger::Scene kNothing;
  for (ServingScene& one : serving.scenes) {
    const auto found = ledger.scenes().find(one.scene.id);
    const bool counts =
        found != ledger.scenes().end() && (found->second.lanes == one.lanes || found->second.lanes == 0);
    const SceneLedger::Scene& known = counts ? found->second : kNothing;
    one.shares.clear();
    // A seed of what is known: the shares change only with it.
    const std::uint64_t seed = mix64(known.all.closed() ^ 0x5ce7e);
    one.shares[SceneLedger::kOther] = decide::lane_shares(one.scene, {}, known.all, seed);
    for (const auto& [user_class, tally] : known.by_class)
      one.shares[user_class] = decide::lane_shares(one.scene, tally, known.all, mix64(seed + user_class));
  }
}

}  // namespace rapport::engine
