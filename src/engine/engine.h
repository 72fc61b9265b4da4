#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "base/id.h"
#include "base/money.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/engine_visitor.h"
#include "model/access.h"
#include "model/answers/customer.h"
#include "model/answers/explain.h"
#include "model/answers/import.h"
#include "model/answers/ingest.h"
#include "model/answers/insight.h"
#include "model/answers/segments.h"
#include "model/answers/shop.h"
#include "model/answers/shopfront.h"
#include "model/answers/sql.h"
#include "model/answers/user.h"
#include "model/event.h"
#include "model/identifier.h"
#include "model/record.h"
#include "model/survey.h"

/// The engine: shops, each with its thread, its log, its state and its followers. Every method may be called
/// from any thread. A method with a Reply returns at once; the reply is called exactly once, on one of the
/// engine's threads, and must not block (http posts it back to its io context).
namespace rapport::engine {

struct StudyQuery;        // engine_study.h
struct StudyTableAnswer;  // engine_study.h
struct RecommendQuery;    // engine_recommend.h
struct RecommendAnswer;   // engine_recommend.h
class Inquiry;            // detail/inquiry.h
// engine_surveys.h
struct SurveyList;
struct SurveyCard;
struct SurveyLinkRequest;
struct SurveyLinkAnswer;
struct InviteRequest;
struct InviteAnswer;
struct SurveySheet;
struct SurveyAccepted;
struct SurveyResults;
struct MailSettings;  // engine_mail.h

template <class T>
using Reply = std::function<void(Result<T>)>;

/// Named limits; full means an answer (Errc::overloaded), never a slow death.
struct Limits {
  std::size_t ingest_queue_events = 200'000;  ///< events waiting for the shop thread
  std::size_t read_queue = 20'000;            ///< reads waiting for the shop thread
  std::size_t batch_events = 4'000;           ///< events stamped together
  std::size_t batches_in_flight = 3;          ///< stamped and not yet durable
  /// A checkpoint is due after so many records, or after so long with at least checkpoint_records_least new
  /// ones; and never so soon that checkpoints took more than a twentieth of the time.
  std::uint64_t checkpoint_records = 2'000'000;
  std::int64_t checkpoint_every_ms = 600'000;
  std::uint64_t checkpoint_records_least = 1'000;
  std::size_t sql_rows = 100'000;
  std::int64_t sql_ms = 30'000;
  std::size_t sql_memory_mb = 1'024;
};

struct EngineOptions {
  std::string data;  ///< the data folder; made when absent
  bool compression = true;
  bool allow_private_webhooks = false;                 ///< webhooks may call loopback and private addresses
  std::shared_ptr<const MailSettings> mail = nullptr;  ///< none = no letter leaves
  Limits limits;
  Clock* clock = nullptr;  ///< the wall clock when null
};

struct ShopOptions {
  model::ClockKind clock = model::ClockKind::wall;
  std::string currency = "CNY";
  std::string zone = "Asia/Shanghai";
};

/// One batch of wire events for one shop, parsed.
struct IngestRequest {
  std::vector<model::Event> events;
  std::vector<model::RejectedEvent> rejected;  ///< kept as dead letters
  /// Dead letters that these events were: they go in the same write, so that none is driven twice.
  std::vector<std::uint64_t> closes;
};

struct CustomerQuery {
  std::string ref;                       ///< c_<n>, kind:value, or a user id
  std::optional<Instant> at;             ///< then, as known now (or at known_at)
  std::optional<EventSeq> known_at;      ///< what was believed at that position
  std::optional<EventSeq> after_offset;  ///< read your writes: wait until this position is folded
  bool reveal = false;                   ///< the reader may see personal parts
};

struct ExplainQuery {
  CustomerQuery customer;
  std::string segment;  ///< one of the two is set
  std::string tag;
};

/// The order of a list of customers, greatest first.
enum class ListOrder : std::uint8_t { last_seen, value, urgency };

/// Filters hold together; an empty one filters nothing.
struct CustomersQuery {
  std::string query;      ///< an identifier exactly, or, with `reveal`, a part of a name
  std::string klass;      ///< primary class
  std::string segment;    ///< membership
  std::string tag;        ///< name:value, or a name
  std::string condition;  ///< a rule (docs/formats/rules.md)
  std::optional<std::int32_t> value_bin, urgency_bin;  ///< tenths of the scores, 0 to 9: a bin of the matrix
  ListOrder order = ListOrder::last_seen;
  std::string cursor;  ///< next_cursor of the page before
  std::size_t most = 50;
  bool reveal = false;
  std::optional<EventSeq> after_offset;  ///< read your writes
};

struct ImportRequest {
  std::string recipe;  ///< shipped name or path of a recipe file
  std::vector<std::string> paths;
  bool shift_to_now = false;
  std::function<void(double)> progress;  ///< 0..1, from the importing thread
};

struct ImportAnswer {
  std::uint64_t read = 0, accepted = 0, duplicate = 0, rejected = 0;
  std::vector<std::string> problems;  ///< file:line: what was wrong; the first 100
  std::vector<std::string> notes;     ///< what was taken otherwise than it stands in the files
  std::uint64_t rejected_rows = 0;    ///< pass to rejected_rows(); 0 = nothing was rejected
};

/// What a file of a caller may be.
struct FileLimits {
  std::size_t most = 500;  ///< files of one subject
  bool pictures_only = false;
};

struct FileKept {
  std::string hash;  ///< hex of the SHA-256 of what was kept: how events refer to it
  std::string_view type;
  std::uint64_t bytes = 0;    ///< kept
  std::uint64_t removed = 0;  ///< metadata taken out
};

struct FileContent {
  std::string_view type;
  std::string bytes;
};

/// A number to be published under a name for rules to compare with. One of the two is set.
struct ValueRequest {
  std::string name = {};
  std::string number = {};    ///< as decimal text
  std::string currency = {};  ///< of an amount; "" = a bare number
  bool thousandths = false;   ///< for what facts keep in thousandths, ratings and the like
  /// The order value that so large a share of the shop's orders does not pass, in per mille: 900 = the bound
  /// of the top tenth. In the shop's currency, over orders placed in the last `days` and not cancelled.
  std::optional<std::uint32_t> order_value_per_mille = {};
  std::uint32_t days = 365;
};

struct ValueAnswer {
  std::string name, number, currency;
  std::uint64_t orders = 0;  ///< that a quantile was taken over
  EventSeq offset;           ///< where it takes effect
};

struct TailQuery {
  EventSeq after;
  std::size_t most = 1'000;
  bool derived = false;  ///< flips instead of events
  bool reveal = false;
};

struct TailAnswer {
  std::vector<model::TimelineEntry> events;
  std::vector<model::FlipAnswer> flips;
  EventSeq next;  ///< pass as `after` to go on
};

/// A question to the lens and who asks it.
struct LensQuestion {
  std::string query;
  bool reveal = false;  ///< the reader may see personal parts
  /// Questions of one caller are answered one after the other, so that he waits for himself and not everybody
  /// for him.
  std::uint64_t caller = 0;
  std::shared_ptr<Cancellation> cancellation = {};  ///< may be null
};

struct NewUser {
  std::string name;
  model::UserRole role = model::UserRole::viewer;
  std::vector<ShopNo> shops;            ///< empty = every shop of the folder
  std::optional<std::string> password;  ///< none: comes in by a one-time link
  bool first_owner = false;             ///< refused with conflict when there is an owner
};

struct UserChange {
  std::optional<model::UserRole> role;
  std::optional<std::string> password;
  bool drop_password = false;
};

struct ShopReviewQuery {
  std::string product, aspect;  ///< aspect "" = any
  bool critical = false;        ///< only those with at most two stars
  std::size_t skip = 0, most = 10;
};

struct ShopProductQuery {
  std::string query, category, scene, function;  ///< "" = any
  std::size_t from = 0, most = 24;
};

class Engine {
 public:
  /// Opens the folder, recovers every shop (checkpoint + log), writes each live shop's first Tick, starts the
  /// threads. Errors: conflict when another process holds the folder; corrupt naming what is damaged.
  static Result<std::unique_ptr<Engine>> open(EngineOptions options);
  ~Engine();

  /// Stops taking work, finishes what is queued, writes checkpoints, joins every thread. Idempotent.
  void stop();

  // --- shops and keys
  // ---------------------------------------------------------------------------------------------
  std::vector<model::ShopSummary> shops() const;
  Result<ShopNo> find_shop(std::string_view name) const;
  /// Returns the existing shop when the name is taken. Names: 1-64 of a-z 0-9 _ -, first a letter.
  Result<ShopNo> create_shop(std::string_view name, const ShopOptions& options);
  /// The key in clear, shown this once; only its hash is kept.
  Result<std::string> add_key(ShopNo shop, model::KeyRole role, std::string_view label);
  std::vector<model::KeyAnswer> keys(ShopNo shop) const;
  Status remove_key(ShopNo shop, std::uint64_t id);
  /// Errors: unauthorized.
  Result<model::Principal> authenticate(std::string_view key) const;
  /// Currency in which the shop's amounts are read when an event names none.
  Currency currency_of(ShopNo shop) const;

  // --- users of the console; names and passwords are sealed under keys that go with the user
  // -----------------------------------------------------------------------
  std::vector<model::UserAnswer> users() const;
  std::optional<model::UserAnswer> user(std::uint64_t id) const;
  bool has_owner() const;
  /// These answer from the one thread that hashes passwords. Errors: bad_input naming the member; conflict
  /// for a name that is taken or the last owner; overloaded when too many wait.
  void add_user(NewUser asked, Reply<model::UserAnswer> reply);
  void change_user(std::uint64_t id, UserChange asked, Reply<model::UserAnswer> reply);
  void remove_user(std::uint64_t id, Reply<std::uint64_t> reply);
  /// Errors: unauthorized, after the same time for a wrong name as for a wrong password.
  void check_password(std::string name, std::string password, Reply<model::UserAnswer> reply);
  /// The token in clear, shown this once; it opens what it says, once, for a day.
  Result<model::NewLink> add_link(const model::LinkAnswer& what);
  Result<model::LinkAnswer> take_link(std::string_view token);

  // --- in
  // ---------------------------------------------------------------------------------------------------------
  /// Replies when all of it is durable. Errors: overloaded with the queue full; unavailable after a failed
  /// sync.
  void ingest(ShopNo shop, IngestRequest request, Reply<model::IngestAnswer> reply);
  /// Moves a driven shop's clock; everything due until then fires. Errors: conflict for a shop on the wall
  /// clock.
  void drive_clock(ShopNo shop, Instant now, Reply<EventSeq> reply);
  /// Runs on a worker thread; the reply comes when the last row is durable and settled.
  void import(ShopNo shop, ImportRequest request, Reply<ImportAnswer> reply);
  /// Reads the beginning of a file, guesses what its columns mean, makes a recipe of that and tries it.
  /// `name` is the file's own; `is_cut_off` tells that `path` holds the beginning of a longer one.
  void preview_import(ShopNo shop, std::string path, std::string name, bool is_cut_off,
                      Reply<model::ImportPreview> reply);
  /// Rows that an import could not take, as CSV with what was wrong before the cells: of the last four
  /// imports, in memory only, the first 1,000 rows. Errors: not_found.
  Result<std::string> rejected_rows(ShopNo shop, std::uint64_t id) const;

  // --- the customer
  // -----------------------------------------------------------------------------------------------
  void customer(ShopNo shop, CustomerQuery query, Reply<model::CustomerAnswer> reply);
  void explain(ShopNo shop, ExplainQuery query, Reply<model::ExplainAnswer> reply);
  /// Newest first. Errors: not_found.
  void timeline(ShopNo shop, CustomerQuery query, std::size_t most,
                Reply<std::vector<model::TimelineEntry>> reply);
  /// Everything held about the person as one JSON document (access right).
  void export_person(ShopNo shop, std::string ref, Reply<std::string> reply);
  /// Removes the link assertions between that identifier and the rest of the customer.
  void unlink(ShopNo shop, std::string ref, model::Identifier identifier, Reply<EventSeq> reply);
  /// Keeps a file of the subject's (user id, kind:value or c_<n>), cleaned of metadata and sealed under the
  /// subject's key: it goes with an erasure. The same file twice is one. Errors: not_found for a subject of
  /// whom nothing is known yet; unsupported, bad_input, too_large for the file; overloaded past the
  /// limits' number of one.
  static constexpr std::size_t kFileBytesMost = 8 << 20;
  void put_file(ShopNo shop, std::string subject, std::string bytes, FileLimits limits,
                Reply<FileKept> reply);
  /// Errors: bad_input for no hash, not_found.
  void get_file(ShopNo shop, std::string hash, Reply<FileContent> reply);
  /// Destroys the person's keys and suppresses the identifiers; replies when the bytes are gone.
  void erase(ShopNo shop, std::string ref, Reply<EventSeq> reply);

  // --- all customers
  // ------------------------------------------------------------------------------------------------
  /// A page of the list. Errors: bad_input with where = "condition, line L, column C"; not_found for a class
  /// or segment; overloaded.
  void customers(ShopNo shop, CustomersQuery query, Reply<model::CustomerList> reply);
  /// Tries a rule on everybody without publishing it, in slices beside the folding and for two seconds at
  /// most. A rule that does not parse is an answer.
  void try_rule(ShopNo shop, std::string text, std::size_t examples, bool reveal,
                Reply<model::RuleTrial> reply);
  /// Takes the first pass over the customers of every shop, so that nobody waits for it; for a server that
  /// begins to serve. Shops of more than a million customers are left until somebody asks.
  void warm();
  // Figures over everybody come from a pass over all customers that is taken in slices when somebody asks and
  // kept for a while: each answer names its moment and position. With `after` it knows of that position.
  // `days` is cut to 1..92.
  void segment_matrix(ShopNo shop, std::int32_t days, std::optional<EventSeq> after,
                      Reply<model::SegmentMatrix> reply);
  /// Tiles by day out of folded counters, distinct customers out of the pass.
  void overview(ShopNo shop, std::int32_t days, std::optional<EventSeq> after, Reply<model::Overview> reply);
  void services(ShopNo shop, std::optional<EventSeq> after, Reply<model::ServiceBoard> reply);
  void journey(ShopNo shop, std::int32_t days, std::optional<EventSeq> after, Reply<model::Journey> reply);
  /// Areas of one page (the most engaged one when "") in the running 28-day period and the one before.
  void page_areas(ShopNo shop, std::string page, std::optional<EventSeq> after,
                  Reply<model::PageAreas> reply);
  void goals(ShopNo shop, std::optional<EventSeq> after, Reply<model::Goals> reply);
  /// `body` is the goal as JSON without its id. Errors: bad_input.
  void publish_goal(ShopNo shop, std::string id, std::string body, Reply<EventSeq> reply);

  // --- segments
  // ---------------------------------------------------------------------------------------------------
  void segments(ShopNo shop, Reply<std::vector<model::SegmentSummary>> reply);
  void segment_members(ShopNo shop, std::string name, std::string cursor, std::size_t most,
                       Reply<model::SegmentPage> reply);
  /// Checks the rule's text and publishes it as an event (Rule Published). Errors: bad_input with line and
  /// column.
  void publish_rule(ShopNo shop, std::string name, std::string text, Reply<EventSeq> reply);

  /// Publishes a value as an event (Value Published): from its seq on the rules that compare with it mean the
  /// new value, and the sweep brings everybody to it. A quantile is read from the folded state at one
  /// position: the nearest-rank quantile of whole minor units, so that everybody computes the same. Errors:
  /// bad_input for a name or number that is none; conflict for a quantile over fewer than kOrdersLeast
  /// orders.
  static constexpr std::size_t kOrdersLeast = 20;
  void publish_value(ShopNo shop, ValueRequest request, Reply<ValueAnswer> reply);

  // --- asking people
  // ----------------------------------------------------------------------------------------------------------
  void surveys(ShopNo shop, Reply<SurveyList> reply);
  /// Errors: not_found.
  void survey(ShopNo shop, std::string id, Reply<SurveyCard> reply);
  /// Publishes a survey (Survey Published): `body` is its JSON without the id; what it leaves out is the
  /// template's that it names, or stays as published before. Errors: bad_input naming the member; not_found
  /// for the template.
  void publish_survey(ShopNo shop, std::string id, std::string body, Reply<EventSeq> reply);
  /// A link to be handed out. Errors: not_found; refused for a survey that is closed.
  void survey_link(ShopNo shop, SurveyLinkRequest request, Reply<SurveyLinkAnswer> reply);
  /// Invites or reminds customers, each only if the survey's limits and her consent allow it: checked and
  /// reserved in one step. Who may not be asked is listed with the reason.
  void invite(ShopNo shop, InviteRequest request, Reply<InviteAnswer> reply);
  /// The form behind a link. Errors: not_found for no link of ours; refused with where = "token" when it is
  /// expired, closed, or its customer erased.
  void survey_sheet(std::string token, Reply<SurveySheet> reply);
  /// One sheet of answers; sent again it is a duplicate and counts once. Errors: as survey_sheet; bad_input
  /// naming the answer.
  void answer_survey(std::string token, std::string response, std::vector<model::SurveyAnswer> answers,
                     Reply<SurveyAccepted> reply);
  void survey_results(ShopNo shop, std::string id, Reply<SurveyResults> reply);
  /// Answers in several steps, on a worker: what is published, what the lens counts, a conclusion published
  /// in turn. The topics built on it have doors of their own (engine_surveys.h).
  void inquire(ShopNo shop, std::function<Result<std::string>(Inquiry&)> task, Reply<std::string> reply);
  /// The same for what is answered in milliseconds and waits behind no import and no training.
  void inquire_quickly(ShopNo shop, std::function<Result<std::string>(Inquiry&)> task,
                       Reply<std::string> reply);

  /// A list for one customer in one scene. Errors: not_found for the customer, the scene or the product in
  /// view; bad_input for a length out of range; overloaded.
  void recommend(ShopNo shop, RecommendQuery query, Reply<RecommendAnswer> reply);

  // --- what visitors of the shop see; answered from memory, without personal parts
  // ------------------------------------------------------------
  void shop_products(ShopNo shop, ShopProductQuery query, Reply<model::ShopProductPage> reply);
  /// Errors: not_found.
  void shop_product(ShopNo shop, std::string id, Reply<model::ShopProduct> reply);
  void shop_reviews(ShopNo shop, ShopReviewQuery query, Reply<model::ShopReviews> reply);
  /// Of the whole shop when nothing is known of the region.
  void shop_bestsellers(ShopNo shop, std::string region, std::size_t most,
                        Reply<model::ShopBestsellers> reply);
  void shop_services(ShopNo shop, Reply<std::vector<model::NounMembers>> reply);
  /// What every published product and service is called.
  void noun_names(ShopNo shop, Reply<model::NounNames> reply);
  /// How the shop says parameters in everyday words: the noun as published, "" when none was.
  void everyday(ShopNo shop, std::optional<EventSeq> after, Reply<std::string> reply);
  /// Publishes it; `rules` is the JSON text of a list, checked by the caller.
  void publish_everyday(ShopNo shop, std::string rules, Reply<EventSeq> reply);
  /// What events told that carried this anonymous id themselves; not what is linked to it, for a public key
  /// may link what it likes. With a proof also what events told that named whom it proves, or the order that
  /// it opens. Nothing when all of it is unknown. Errors: unauthorized for a wrong or ended proof.
  void shop_visitor(ShopNo shop, VisitorWho who, std::optional<EventSeq> after,
                    Reply<model::VisitorAnswer> reply);
  /// The same of any identifier, for callers who know whose it is; a proof is of a browser's.
  void own_things(ShopNo shop, model::Identifier identifier, std::string proof, std::optional<EventSeq> after,
                  Reply<model::VisitorAnswer> reply);
  /// Errors: not_found for somebody of whom nothing is known; bad_input.
  void vouch_for_visitor(ShopNo shop, VouchRequest request, Reply<VisitorProofAnswer> reply);
  /// Errors: not_found, the same for a number that is none and a contact that is not the order's.
  void prove_order(ShopNo shop, OrderProofRequest request, Reply<VisitorProofAnswer> reply);

  // --- lens and out
  // -----------------------------------------------------------------------------------------------
  /// Waits until the lens has reached the position at which the question was asked (bounded), then answers.
  /// Errors: those of lens::Lens::sql; overloaded for a caller of whom several questions wait; conflict with
  /// where = "cancelled".
  void sql(ShopNo shop, LensQuestion question, Reply<model::SqlAnswer> reply);
  /// The tables and columns, at once: not waiting for the lens to have read the log, which this begins.
  void sql_tables(ShopNo shop, Reply<model::SqlTablesAnswer> reply);
  /// The answer written to a file of the format csv, parquet or xlsx.
  void export_query(ShopNo shop, LensQuestion question, std::string format, std::string path,
                    Reply<std::uint64_t> reply);
  /// Runs a method of analysis over the answer of a question to the lens and gives the rendered report; one
  /// at a time. Errors: not_found for the method, bad_input for its options, refused with the failed check,
  /// too_large over the table's limit, overloaded while another runs.
  void study(ShopNo shop, StudyQuery query, Reply<std::string> reply);
  /// Nobody waits for this shop's running study any more: it stops at its next draw, and answers conflict
  /// with where = "cancelled". False when none is running.
  bool cancel_study(ShopNo shop);
  /// Reads a file (CSV, Excel, JSON Lines, Parquet) for studies of this shop: the last eight are kept, in
  /// memory only. Errors: as lens::read_table.
  void add_study_table(ShopNo shop, std::string path, std::string sheet, Reply<StudyTableAnswer> reply);
  void tail(ShopNo shop, TailQuery query, Reply<TailAnswer> reply);
  void dead_letters(ShopNo shop, std::uint64_t after, std::size_t most, bool reveal,
                    Reply<std::vector<model::DeadLetterAnswer>> reply);
  Result<std::uint64_t> add_webhook(ShopNo shop, std::string url, std::vector<std::string> events,
                                    std::string& secret_out);
  std::vector<model::WebhookAnswer> webhooks(ShopNo shop) const;
  Status remove_webhook(ShopNo shop, std::uint64_t id);
  /// Tries again what was given up. Replies with how many.
  void redrive_webhooks(ShopNo shop, Reply<std::uint64_t> reply);

  // --- the house
  // --------------------------------------------------------------------------------------------------
  /// Refolds every shop from its first record in a state of its own, in batches of `batch` records, on up to
  /// `threads` threads: shops beside one another, and with threads to spare the log read and checked ahead of
  /// the fold. The states depend on neither.
  Result<model::VerifyAnswer> verify(std::size_t batch, std::size_t threads = 1) const;
  /// A consistent copy while serving.
  Status backup(const std::string& to) const;
  /// Every node ever erased, of one shop or of all, as text to be kept beside the backups: restore() needs
  /// it.
  Result<std::string> erasure_ledger(std::optional<ShopNo> shop) const;
  model::EngineMetrics metrics() const;
  /// ok when every shop is recovered and the log is writable.
  Status ready() const;
  /// The log refuses writes because the disk was full. Once there is space again, whoever owns the engine
  /// opens the folder anew: what the disk holds is known only when it has been read.
  bool wants_space() const;

 private:
  struct Impl;
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rapport::engine
