#pragma once

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "engine/detail/access_keys.h"
#include "engine/detail/assistant_desk.h"
#include "engine/detail/clock_clerk.h"
#include "engine/detail/committer.h"
#include "engine/detail/desk_book.h"
#include "engine/detail/fair_workers.h"
#include "engine/detail/feedback_board.h"
#include "engine/detail/feedback_listener.h"
#include "engine/detail/followers.h"
#include "engine/detail/insight.h"
#include "engine/detail/knowledge_shelf.h"
#include "engine/detail/letters.h"
#include "engine/detail/mirror.h"
#include "engine/detail/outbox.h"
#include "engine/detail/parcel_desk.h"
#include "engine/detail/recommend_desk.h"
#include "engine/detail/rejected_store.h"
#include "engine/detail/shelf.h"
#include "engine/detail/shop.h"
#include "engine/detail/shopfront.h"
#include "engine/detail/study_tables.h"
#include "engine/detail/survey_desk.h"
#include "engine/detail/users.h"
#include "engine/detail/warm_up.h"
#include "engine/detail/workers.h"
#include "engine/engine.h"
#include "store/store.h"

namespace rapport::engine {

/// One shop with all that runs for it.
struct ShopUnit {
  ShopUnit(const Shop::Parts& parts, store::ShopInfo info, const EngineOptions& options,
           const codec::NodeKey& survey_key)
      : link_key(survey_key),
        shop(parts, std::move(info)),
        ledger(parts.store, shop.info()),
        follower(parts.store, shop, parts.clock, ledger),
        warm_up(parts.store, shop),
        outbox({parts.store, shop, parts.clock, {options.allow_private_webhooks}}),
        letters({parts.store, shop, parts.clock, options.mail, survey_key, link_key}),
        mirror({parts.store, shop, fmt::format("{}/lens_{}.duckdb", options.data, shop.info().shop.value),
                options.compression, options.limits.sql_memory_mb}),
        shopfront(parts.store, shop),
        feedback(parts.store, shop),
        feedback_board(parts.store, shop),
        desk_book(parts.store, shop),
        insight(parts.store, shop),
        knowledge(shop),
        assistant(parts.store, shop),
        shelf(parts.store, shop.info().shop),
        recommend_desk(parts.store, shop, shelf),
        clerk(shop, outbox),
        parcels(shop, outbox, letters) {}
  const codec::NodeKey& link_key;  ///< under which links that are handed to customers are sealed
  Shop shop;
  Ledger ledger;
  Follower follower;
  WarmUp warm_up;
  Outbox outbox;
  Letters letters;
  Mirror mirror;
  Shopfront shopfront;
  FeedbackListener feedback;
  FeedbackBoard feedback_board;
  DeskBook desk_book;
  Insight insight;
  KnowledgeShelf knowledge;
  AssistantDesk assistant;
  Shelf shelf;  ///< models
  std::atomic<bool> training{false};
  RecommendDesk recommend_desk;
  ClockClerk clerk;  ///< on the shop thread
  ParcelDesk parcels;
  RejectedStore rejected;
  StudyTables study_tables;
  SurveyDesk survey_desk;  ///< on the shop thread
  std::atomic<bool> importing{false};
  /// Nouns published as simulated were seen; looked for now and then while there are none.
  std::atomic<bool> simulated{false};
  std::atomic<std::int64_t> simulated_asked_ns{0};
};

/// On the shop thread: whether the shop's clock is driven, or its first product or service says that it is
/// simulated (every noun of a simulated shop does).
bool is_simulated(const ShopUnit& unit);

/// Errors: unavailable for a position to be waited for that lies beyond what was ever stamped: it is of
/// another log, or of this one before a backup was brought back.
Status position_is_there(const ShopUnit& unit, std::optional<EventSeq> after);
/// Errors: bad_input for a position to look back to that was never stamped.
Status is_past(const ShopUnit& unit, std::optional<EventSeq> known_at);

struct Engine::Impl {
  explicit Impl(EngineOptions asked) : options(std::move(asked)) {}

  EngineOptions options;
  SystemClock system_clock;
  Clock* clock = nullptr;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<Committer> committer;
  std::unique_ptr<Workers> workers;
  std::unique_ptr<FairWorkers> askers;  ///< for questions to the lens, which callers share
  std::unique_ptr<Workers> quick;       ///< for short looks into the store, which wait for neither
  std::unique_ptr<Workers> readers;  ///< for the lists of the console, which must not wait behind an import
  AccessKeys keys;
  std::unique_ptr<Users> users;
  codec::NodeKey survey_key{};  ///< under which links to surveys are sealed
  std::unique_ptr<Workers> shopfront_thread;
  std::unique_ptr<Workers> deciders;  ///< what to recommend
  bool stopped = false;
  std::atomic<bool> studying{false};
  std::atomic<std::uint32_t> studying_shop{0};  ///< whose study is under way
  std::atomic<bool> study_unwanted{false};      ///< and nobody waits for it any more

  mutable std::shared_mutex shops_mutex;
  std::vector<std::unique_ptr<ShopUnit>> shops;  ///< by number - 1

  /// Null for a number that is no shop.
  ShopUnit* unit(ShopNo shop) const;
  Result<ShopUnit*> open_shop(const store::ShopInfo& info, const ShopOptions* founding);

  /// Reads names on to the log's end, a piece at a time, beside the lists.
  void read_names(ShopUnit& unit);

  /// Runs `task(shop)` on the shop thread and answers through `reply`; refuses with overloaded when the queue
  /// is full.
  template <class T>
  void on_shop(ShopNo shop, std::optional<EventSeq> after, Reply<T> reply,
               std::function<Result<T>(ShopUnit&)> task) {
    ShopUnit* found = unit(shop);
    if (found == nullptr) {
      reply(Error{Errc::not_found, "no such shop"});
      return;
    }
    if (const Status there = position_is_there(*found, after); !there.ok()) return reply(there.error());
    auto shared = std::make_shared<Reply<T>>(std::move(reply));
    if (!found->shop.read(after, [found, shared, task = std::move(task)] { (*shared)(task(*found)); })) {
      (*shared)(Error{Errc::overloaded, "too many reads wait for this shop", "",
                      "fewer at once, or again in a second"});
    }
  }

  /// Puts one event in and answers when it is folded: whoever asks next finds it.
  void ingest_folded(ShopUnit& unit, model::Event event, Reply<model::IngestAnswer> reply);

  /// Runs `task` on a worker; refuses with overloaded when too many wait.
  template <class T>
  void on_worker(Reply<T> reply, std::function<Result<T>()> task) {
    run_on(*workers, std::move(reply), std::move(task));
  }
  /// The same for work of milliseconds that somebody looks at a screen for.
  template <class T>
  void on_quick(Reply<T> reply, std::function<Result<T>()> task) {
    run_on(*quick, std::move(reply), std::move(task));
  }
  template <class T>
  static void run_on(Workers& where, Reply<T> reply, std::function<Result<T>()> task) {
    auto shared = std::make_shared<Reply<T>>(std::move(reply));
    if (!where.run([shared, task = std::move(task)] { (*shared)(task()); })) {
      (*shared)(Error{Errc::overloaded, "too much long work is under way", "", "again in a few seconds"});
    }
  }
};

/// Destroys what may be left of an erasure that a crash cut short, and finishes those under way. Not on the
/// shop thread.
Status erase_nodes(ShopUnit& unit, store::Store& store, const std::vector<NodeId>& nodes,
                   const std::vector<Hash128>& suppressed, EventSeq* recorded);
/// Erasures that were begun and not finished, by their key in the settings.
inline constexpr std::string_view kErasingPrefix = "erasing/";
/// On the shop thread: the customer that a text names. Errors: bad_input, not_found.
Result<CustomerId> resolve(ShopUnit& unit, std::string_view ref);
/// On the shop thread. Values of identifiers come with `reveal`.
model::CustomerAnswer describe_customer(const views::ShopState& state, IdentifierTexts* texts,
                                        CustomerId customer, Instant at, bool reveal);
/// On any thread but the shop's: runs `task` there and waits for it.
template <class T>
Result<T> ask_shop(Shop& shop, std::function<Result<T>()> task) {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Result<T>> answer;
  shop.post([&] {
    Result<T> got = task();
    const std::lock_guard lock(mutex);
    answer.emplace(std::move(got));
    done.notify_one();
  });
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return answer.has_value(); });
  return std::move(*answer);
}
template <class T>
Result<T> ask_shop(ShopUnit& unit, std::function<Result<T>()> task) {
  return ask_shop<T>(unit.shop, std::move(task));
}

}  // namespace rapport::engine
