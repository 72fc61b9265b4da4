#include <algorithm>
#include <map>
#include <set>

#include "base/hash.h"
#include "codec/json_writer.h"
#include "engine/detail/desk_ticket.h"
#include "engine/detail/feedback_reading.h"
#include "engine/detail/macro_text.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/shop_message.h"
#include "engine/engine_desk.h"
#include "text/han.h"

// "You said, we did": what the shop did about something is told to each of those who said it, once. Who
// praised hears of it as who blamed: the choice knows what was said, never how.
namespace rapport::engine {
namespace {

constexpr std::size_t kPiecesMost = 20'000, kAtOnce = 400, kTextMost = 2'000, kPhraseMost = 60;
constexpr Duration kReadBudget = seconds(15);

struct Asked {
  std::string id, phrase, klass, aspect, product;
  std::int64_t days_back = 90;
  std::map<std::string, std::string, std::less<>> texts;
  bool preview = false;
  std::optional<std::int64_t> expect;
};

Result<Asked> read_asked(const std::string& body) {
  RAPPORT_TRY(const auto asked, NounMembers::parse(body));
  Asked out;
  out.id = asked->text("answer_id");
  if (!is_desk_id(out.id))
    return Error{Errc::bad_input, "no name of this answer", "answer_id", "1 to 64 letters, digits, -_.:"};
  const codec::JsonValue about = asked->find("about");
  if (!about.present() || !about.is(codec::JsonKind::object))
    return Error{Errc::bad_input, "about what?", "about",
                 "an object: phrase, class, aspect, product_id, days"};
  for (codec::JsonMembers members(about); members.next();) {
    const std::string_view name = members.key();
    const std::string text =
        members.value().is(codec::JsonKind::string) ? members.value().text() : std::string();
    const std::pair<std::string_view, std::string*> known[] = {{"phrase", &out.phrase},
                                                               {"class", &out.klass},
                                                               {"aspect", &out.aspect},
                                                               {"product_id", &out.product}};
    const auto* const into = std::find_if(std::begin(known), std::end(known),
                                          [&](const auto& each) { return each.first == name; });
    if (into != std::end(known)) {
      *into->second = text;
    } else if (name == "days" && members.value().integer()) {
      out.days_back = std::clamp<std::int64_t>(*members.value().integer(), 1, 365);
    } else {
      return Error{Errc::bad_input, "authors are not chosen by this",
                   fmt::format("about.{}", name.substr(0, 40)),
                   "phrase, class, aspect, product_id, days; praise and blame alike"};
    }
  }
  if (out.phrase.empty() && out.klass.empty() && out.aspect.empty() && out.product.empty())
    return Error{Errc::bad_input, "about everything?", "about",
                 "a phrase, class, aspect or product at least"};
  if (out.phrase.size() > kPhraseMost)
    return Error{Errc::too_large, "a phrase too long", "about.phrase", fmt::format("{} bytes", kPhraseMost)};
  out.preview = asked->raw("preview") == "true";
  if (const auto expect = asked->find("expect"); expect.present()) out.expect = expect.integer();
  const codec::JsonValue texts = asked->find("texts");
  for (const std::string_view language : kMacroLanguages) {
    const codec::JsonValue text = texts.present() ? texts.find(language) : codec::JsonValue{};
    if (!text.present() || !text.is(codec::JsonKind::string) || text.text().empty()) continue;
    if (text.text().size() > kTextMost)
      return Error{Errc::too_large, "a text too long", fmt::format("texts.{}", language),
                   fmt::format("at most {} bytes", kTextMost)};
    out.texts.emplace(language, text.text());
  }
  if (out.texts.contains("zh-Hans") && !out.texts.contains("zh-Hant"))
    out.texts.emplace("zh-Hant", text::to_traditional(out.texts.find("zh-Hans")->second));
  if (out.texts.empty() && !out.preview)
    return Error{Errc::bad_input, "no text", "texts", R"({"zh-Hans":..,"zh-Hant":..,"en":..}, one at least)"};
  if (!out.preview && !out.expect)
    return Error{Errc::bad_input, "how many are told?", "expect", "the authors that the preview counted"};
  return out;
}

/// The pieces that fit, newest first.
Result<std::vector<FeedbackEntry>> fitting(Inquiry& inquiry, const Asked& asked) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_TRY(const bool whole, unit.feedback_board.refresh(kReadBudget));
  if (!whole) return Error{Errc::unavailable, "feedback is still being read", "", "again in a few seconds"};
  RAPPORT_TRY(const Instant now, inquiry.now());
  std::vector<FeedbackEntry> entries = unit.feedback_board.since(now - days(asked.days_back), kPiecesMost);
  std::erase_if(entries, [&](const FeedbackEntry& entry) {
    if (!asked.product.empty() && entry.source.product_id != asked.product) return true;
    if (asked.klass.empty() && asked.aspect.empty()) return false;
    return std::none_of(entry.clauses.begin(), entry.clauses.end(), [&](const HeardClause& clause) {
      return (asked.klass.empty() || clause.klass == asked.klass) &&
             (asked.aspect.empty() || clause.aspect == asked.aspect);
    });
  });
  if (asked.phrase.empty()) return entries;
  const std::string phrase = phrase_form(asked.phrase);
  std::vector<EventSeq> seqs;
  for (const FeedbackEntry& entry : entries) seqs.push_back(entry.source.seq);
  std::sort(seqs.begin(), seqs.end());
  std::set<std::uint64_t> with;
  RAPPORT_CHECK(
      inquiry.store().read_records(unit.shop.info().shop, seqs, [&](const model::RecordView& record) {
        if (phrase_form(feedback_text(unit.shop.keyring(), record)).find(phrase) != std::string::npos)
          with.insert(record.seq.value);
      }));
  std::erase_if(entries, [&](const FeedbackEntry& entry) { return !with.contains(entry.source.seq.value); });
  return entries;
}

struct Author {
  CustomerId customer;
  NodeId node;              ///< under whose name the words wait for her (detail/shop_message.h)
  bool in_shop = false;     ///< she sees them in the shop
  bool by_mail = false;     ///< and has them by letter
  std::string about, text;  ///< the newest piece of hers; in her language
};

std::string language_of(const views::ShopState& state, CustomerId customer) {
  views::FactsBuffer buffer;
  std::string_view told;
  const views::FactsView facts = state.facts(customer, Instant::never(), buffer);
  for (const views::TraitChange& change : facts.trait_changes()) {
    if (change.property == model::trait::language) told = state.tables().words().text(change.word);
  }
  if (told.starts_with("en")) return "en";
  if (told == "zh-TW" || told == "zh-HK" || told == "zh-MO" || told.starts_with("zh-Hant")) return "zh-Hant";
  return told.starts_with("zh") ? "zh-Hans" : "";
}

/// On the shop thread: who is to be told, each once; `before` = who was told already.
std::vector<Author> authors_of(ShopUnit& unit, const std::vector<FeedbackEntry>& entries, const Asked& asked,
                               std::size_t& before) {
  const views::ShopState& state = unit.shop.state();
  std::set<std::uint32_t> told;
  for (const NodeId node : unit.desk_book.told(asked.id)) told.insert(state.customer_of(node).value);
  std::set<std::uint32_t> seen;
  std::vector<Author> authors;
  before = 0;
  for (const FeedbackEntry& entry : entries) {
    const CustomerId customer = state.customer_of(entry.source.node);
    if (customer.value == 0 || !seen.insert(customer.value).second) continue;
    if (told.contains(customer.value)) {
      ++before;
      continue;
    }
    Author author{customer, {}, false, false, entry.source.about, {}};
    const std::vector<NodeId> nodes = state.nodes_of(customer);
    const auto in_shop = shop_message_node(unit.shop, nodes);
    const auto named = std::find_if(nodes.begin(), nodes.end(),
                                    [&](NodeId node) { return unit.shop.texts().find(node).has_value(); });
    if (named == nodes.end()) continue;
    author.in_shop = in_shop.has_value();
    author.by_mail = unit.letters.can_send() && agrees_to_service_mail(state, customer) &&
                     !mail_address(unit.shop, customer).empty();
    author.node = in_shop.value_or(*named);
    auto text = asked.texts.find(language_of(state, customer));
    if (text == asked.texts.end() && !asked.texts.empty()) text = asked.texts.begin();
    if (text != asked.texts.end()) author.text = text->second;
    authors.push_back(std::move(author));
  }
  return authors;
}

std::string counted(const Asked& asked, std::size_t pieces, const std::vector<Author>& authors,
                    std::size_t before, std::size_t told) {
  const auto count = [&](bool Author::*way) {
    return static_cast<std::size_t>(
        std::count_if(authors.begin(), authors.end(), [&](const Author& each) { return each.*way; }));
  };
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("answer_id", asked.id);
  json.field("pieces", pieces);
  json.field("authors", authors.size());
  json.field("in_shop", count(&Author::in_shop));
  json.field("by_mail", count(&Author::by_mail));
  json.field("told_before", before);
  json.field("told", told);
  json.end_object();
  return text;
}

Result<std::string> answer(Inquiry& inquiry, const FeedbackAnswerAsk& ask) {
  ShopUnit& unit = inquiry.unit();
  RAPPORT_TRY(const Asked asked, read_asked(ask.body));
  const std::lock_guard acting(unit.desk_book.acting());
  RAPPORT_CHECK(fold_what_is_durable(inquiry));
  RAPPORT_CHECK(unit.desk_book.refresh());
  RAPPORT_TRY(const std::vector<FeedbackEntry> entries, fitting(inquiry, asked));
  std::size_t before = 0;
  using Authors = std::vector<Author>;
  RAPPORT_TRY(const Authors authors, ask_shop<Authors>(unit, [&]() -> Result<Authors> {
                return authors_of(unit, entries, asked, before);
              }));
  if (asked.preview) return counted(asked, entries.size(), authors, before, 0);
  // After a crash in the middle the rest is told: those who heard of it count as expected.
  const auto all = static_cast<std::int64_t>(authors.size() + before);
  if (*asked.expect != all && *asked.expect != static_cast<std::int64_t>(authors.size()))
    return Error{Errc::conflict, fmt::format("{} authors by now", authors.size()), "expect",
                 "look at the preview again"};
  for (std::size_t begin = 0; begin < authors.size(); begin += kAtOnce) {
    const std::size_t end = std::min(authors.size(), begin + kAtOnce);
    using Events = std::vector<model::Event>;
    std::vector<PostedLetter> letters;
    RAPPORT_TRY(
        Events events, ask_shop<Events>(unit, [&]() -> Result<Events> {
          Events made;
          for (std::size_t i = begin; i < end; ++i) {
            const Author& author = authors[i];
            const std::string who = digest_hex(sha256(fmt::format("{}\n{}", asked.id, author.node.value)));
            DeskEvent event{"Feedback Answered", "answered-" + who.substr(0, 32), {}, inquiry.currency()};
            event.properties = {{"answer_id", std::string_view(asked.id)},
                                {"text", std::string_view(author.text)},
                                {"about", std::string_view(author.about)},
                                {"agent", std::string_view(ask.who.name)}};
            // Who was erased in between is left out.
            auto one = customer_event(unit, author.node, event);
            if (!one.ok()) continue;
            made.push_back(std::move(one).value());
            // The letter is decided in the batch that tells her, so there is one or none.
            if (!author.by_mail) continue;
            RAPPORT_CHECK(decide_words_letter(
                unit, {author.node, event.message_id + "-email", "answer:" + asked.id, author.text}, made,
                letters));
          }
          return made;
        }));
    if (events.empty()) continue;
    RAPPORT_CHECK(publish_with(unit, std::move(events), {}, std::move(letters)));
  }
  return counted(asked, entries.size(), authors, before, authors.size());
}

}  // namespace

void answer_feedback(Engine& engine, ShopNo shop, FeedbackAnswerAsk ask, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [ask = std::move(ask)](Inquiry& inquiry) { return answer(inquiry, ask); }, std::move(reply));
}

void feedback_answers(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_CHECK(inquiry.unit().desk_book.refresh());
        std::string text;
        codec::JsonWriter json(text);
        json.begin_object();
        json.key("answers");
        json.begin_array();
        for (const auto& [id, authors] : inquiry.unit().desk_book.answers()) {
          json.begin_object();
          json.field("answer_id", id);
          json.field("authors", authors);
          json.end_object();
        }
        json.end_array();
        json.end_object();
        return text;
      },
      std::move(reply));
}

}  // namespace rapport::engine
