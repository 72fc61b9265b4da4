#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "codec/survey.h"
#include "engine/detail/impl.h"
#include "engine/detail/shop_message.h"
#include "engine/detail/survey_links.h"
#include "engine/engine_surveys.h"
#include "model/catalogue_ids.h"

// Inviting and reminding, within the limits and with consent.
namespace rapport::engine {
namespace {

constexpr std::string_view kChannels[] = {"email", "sms", "app", "mini_program", "phone", "link"};
/// Members of a segment that one call looks at.
constexpr std::size_t kLookedAtMost = 20'000;

/// How what is sent leaves.
enum class Carrier : std::uint8_t { nobody, mail, shop, webhook };
std::string_view carrier_name(Carrier carrier) {
  constexpr std::string_view kNames[] = {"", "mail", "shop", "webhook"};
  return kNames[static_cast<std::size_t>(carrier)];
}

/// Errors: refused when nothing sends on that channel.
Result<Carrier> carrier_of(const ShopUnit& unit, const InviteRequest& request) {
  if (!request.send) return Carrier::nobody;
  if (request.channel == "app") return Carrier::shop;
  if (unit.shop.driven())
    return Error{Errc::refused, "a shop on a driven clock sends nothing outside", "channel",
                 "app, or no send"};
  if (request.channel == "email" && unit.letters.can_send()) return Carrier::mail;
  if (request.channel != "link" && !unit.outbox.carriers(request.survey).empty()) return Carrier::webhook;
  return Error{Errc::refused, fmt::format("nothing sends on {}", request.channel), "channel",
               "email with [mail] in rapport.toml, app, or a webhook that wants survey.invited"};
}

/// What goes out, in the batch that decides it.
struct Outgoing {
  std::vector<PostedLetter> letters;
  std::vector<WaitingReminder> reminders;
  std::vector<OutboxEntry> calls;
};

/// The call that asks a webhook's receiver to deliver an invitation.
std::string invitation_body(const PostedLetter& letter, const InviteRequest& request, CustomerId customer,
                            std::string_view token, Instant now) {
  std::string body;
  codec::JsonWriter json(body);
  json.begin_object();
  json.field("type", "survey.invited");
  json.field("timestamp", format_instant(now));
  json.key("data");
  json.begin_object();
  json.field("id", letter.decision_id);
  json.field("customer", model::format_customer_id(customer));
  json.field("survey", request.survey);
  json.field("channel", request.channel);
  json.field("path", fmt::format("/ask/{}", token));
  json.field("expires_at", format_instant(letter.until));
  json.field("reminder", request.reminder);
  json.end_object();
  json.end_object();
  return body;
}

struct Reserved {
  NodeId node;
  Hash128 invitation;
};

/// One call of invite(), on the shop thread.
class Inviting {
 public:
  Inviting(ShopUnit& unit, ShopNo shop, const codec::NodeKey& key, const InviteRequest& request,
           Carrier carrier, model::Survey survey)
      : unit_(unit),
        state_(unit.shop.state()),
        shop_(shop),
        key_(key),
        request_(request),
        carrier_(carrier),
        survey_(std::move(survey)),
        now_(unit.shop.now()) {
    survey_word_ = state_.tables().words().find(survey_.survey_id);
    until_ = now_ + days(request.days.value_or(survey_.open_days));
  }

  void ask(const std::string& ref) {
    const Result<CustomerId> customer = resolve(unit_, ref);
    if (!customer.ok())
      return refuse(ref, {"unknown", customer.error().message, "c_<n>, kind:value or a user id"});
    ask(*customer, ref);
  }

  void ask_segment(const std::string& name) {
    const auto segment = state_.find_segment(name);
    if (!segment) return refuse(name, {"unknown", "no such segment", "one of GET /v1/segments"});
    CustomerId after;
    for (std::size_t looked = 0; looked < kLookedAtMost && answer.invited.size() < request_.most;) {
      const auto members = state_.members(*segment, after, 256);
      if (members.empty()) return;
      for (const CustomerId member : members) {
        if (answer.invited.size() == request_.most) return;
        ask(member, fmt::format("c_{}", member.value));
        after = member;
        ++looked;
      }
    }
  }

  InviteAnswer answer;
  std::vector<model::Event> events;
  std::vector<Reserved> reserved;
  Outgoing outgoing;

 private:
  void refuse(const std::string& customer, AskRefusal refusal) {
    ++answer.refused_total;
    if (answer.refused.size() == kInviteMost) return;
    answer.refused.push_back({customer, refusal.code, std::move(refusal.why), std::move(refusal.expected)});
  }

  AskFacts facts_of(CustomerId customer, const std::vector<NodeId>& nodes) const {
    AskFacts facts = consent_facts(state_, customer, request_.channel);
    facts.asks = state_.survey_asks(customer);
    unit_.survey_desk.add_pending(nodes, facts.asks);
    return facts;
  }

  void ask(CustomerId customer, const std::string& ref) {
    if (!seen_.insert(customer.value).second) return;
    const std::vector<NodeId> nodes = state_.nodes_of(customer);
    const AskFacts facts = facts_of(customer, nodes);
    if (auto no = refuse_channel(facts, request_.channel)) return refuse(ref, std::move(*no));
    if (request_.reminder) return remind(customer, nodes, facts, ref);
    if (auto no = refuse_ask(facts, survey_.limits, now_)) return refuse(ref, std::move(*no));
    SurveyLink link = new_survey_link(SurveyLink::Kind::personal, shop_, survey_.survey_id, until_);
    if (auto no = address(nodes, link.node)) return refuse(ref, std::move(*no));
    put(customer, link, ref);
  }

  void remind(CustomerId customer, const std::vector<NodeId>& nodes, const AskFacts& facts,
              const std::string& ref) {
    const views::SurveyAsk* open = nullptr;
    bool was_answered = false;
    for (const views::SurveyAsk& ask : facts.asks) {
      if (ask.survey_word != survey_word_ || survey_word_ == 0 || ask.reminder) continue;
      was_answered = state_.surveys().answered(ask.invitation);
      open = was_answered || ask.until <= now_ ? nullptr : &ask;
    }
    if (open == nullptr && was_answered)
      return refuse(ref, {"answered", "has answered already", "no reminder"});
    if (open == nullptr)
      return refuse(ref, {"not_invited", "has no open invitation to this survey", "an invitation first"});
    if (auto no = refuse_reminder(facts, survey_.limits, *open, now_)) return refuse(ref, std::move(*no));
    // The invitation's own sheet again: whichever link she follows, she answers once.
    const auto sheet = views::survey_key_text(open->invitation);
    if (!sheet)
      return refuse(ref,
                    {"not_invited", "the invitation was made elsewhere", "a reminder by whoever made it"});
    NodeId node;
    if (auto no = address(nodes, node)) return refuse(ref, std::move(*no));
    put(customer, personal_link(shop_, survey_.survey_id, *sheet, node, open->until), ref);
  }

  /// Whom the link is made for; a refusal when the channel does not reach her.
  std::optional<AskRefusal> address(const std::vector<NodeId>& nodes, NodeId& node) const {
    if (carrier_ == Carrier::mail) {
      const bool reached = std::any_of(nodes.begin(), nodes.end(), [&](NodeId one) {
        const auto value = unit_.shop.texts().find(one);
        return state_.kind_of(one) == model::IdentifierKind::email && value &&
               courier::is_mail_address(*value);
      });
      if (!reached) return AskRefusal{"no_address", "no e-mail address is known", "another channel"};
    }
    const auto named = carrier_ == Carrier::shop ? shop_message_node(unit_.shop, nodes) : named_node(nodes);
    if (!named && carrier_ == Carrier::shop)
      return AskRefusal{"no_address", "no browser or app of hers is known", "another channel"};
    if (!named) return AskRefusal{"unknown", "nothing is left that names the customer", "another customer"};
    node = *named;
    return std::nullopt;
  }

  /// The first node whose value is known, a user id before others.
  std::optional<NodeId> named_node(const std::vector<NodeId>& nodes) const {
    std::optional<NodeId> best;
    for (const NodeId node : nodes) {
      if (!unit_.shop.texts().find(node)) continue;
      if (state_.kind_of(node) == model::IdentifierKind::user_id) return node;
      if (!best) best = node;
    }
    return best;
  }

  codec::EventInput input_of(std::string_view name, const SurveyLink& link) const {
    codec::EventInput input;
    input.type = model::EventType::track;
    input.name = name;
    input.timestamp = now_;
    input.identifiers = {{*state_.kind_of(link.node), *unit_.shop.texts().find(link.node)}};
    return input;
  }

  void put(CustomerId customer, const SurveyLink& link, const std::string& ref) {
    const std::string sheet = link.sheet_id();
    const std::string message_id =
        invitation_decision(sheet, request_.reminder ? std::optional(now_) : std::nullopt);
    codec::EventInput input = input_of("Survey Invited", link);
    input.message_id = message_id;
    input.properties = {{"survey_id", std::string_view(survey_.survey_id)},
                        {"channel", std::string_view(request_.channel)},
                        {"invitation_id", std::string_view(sheet)},
                        {"until", link.until},
                        {"reminder", request_.reminder}};
    Result<model::Event> event = codec::build_event(input);
    if (!event.ok()) return refuse(ref, {"unknown", event.error().message, event.error().expected});
    events.push_back(std::move(event).value());
    const views::SurveyAsk ask{survey_word_, views::survey_key(sheet), now_, link.until, request_.reminder};
    unit_.survey_desk.reserve(link.node, ask);
    reserved.push_back({link.node, ask.invitation});
    Invited invited{customer, seal_survey_link(key_, link), link.until, request_.reminder, {}, {}};
    if (carrier_ != Carrier::nobody) send(link, message_id, invited);
    answer.invited.push_back(std::move(invited));
  }

  /// Decides the message, and puts what carries it into the same batch.
  void send(const SurveyLink& link, const std::string& decision_id, Invited& invited) {
    const std::string message_id = "message-decided-" + decision_id;
    const std::string reason = "survey:" + survey_.survey_id;
    codec::EventInput input = input_of("Message Decided", link);
    input.message_id = message_id;
    input.properties = {{"decision_id", std::string_view(decision_id)},
                        {"channel", std::string_view(request_.channel)},
                        {"reason", std::string_view(reason)}};
    Result<model::Event> event = codec::build_event(input);
    if (!event.ok()) return;
    events.push_back(std::move(event).value());
    invited.decision_id = decision_id;
    invited.sent_by = carrier_name(carrier_);
    PostedLetter letter{
        decision_id, survey_.survey_id, link.sheet_id(), link.node, link.until, request_.reminder, 0, now_};
    if (carrier_ == Carrier::shop) return;
    if (!request_.reminder && survey_.limits.reminders > 0) {
      outgoing.reminders.push_back({survey_.survey_id, letter.sheet, request_.channel, link.node,
                                    now_ + days(survey_.limits.reminder_after_days)});
    }
    if (carrier_ == Carrier::mail) return outgoing.letters.push_back(std::move(letter));
    const std::string body = invitation_body(letter, request_, invited.customer, invited.token, now_);
    for (const std::uint64_t webhook : unit_.outbox.carriers(survey_.survey_id))
      outgoing.calls.push_back({webhook, decision_id, body, 0, now_});
  }

  ShopUnit& unit_;
  const views::ShopState& state_;
  ShopNo shop_;
  const codec::NodeKey& key_;
  const InviteRequest& request_;
  Carrier carrier_;
  model::Survey survey_;
  Instant now_, until_;
  std::uint32_t survey_word_ = 0;
  std::set<std::uint32_t> seen_;
};

Status check_request(const InviteRequest& request) {
  if (std::find(std::begin(kChannels), std::end(kChannels), request.channel) == std::end(kChannels))
    return Error{Errc::bad_input, "no such channel", "channel",
                 "email, sms, app, mini_program, phone or link"};
  if (request.customers.empty() == request.segment.empty())
    return Error{Errc::bad_input, "nobody is named, or too many ways", "customers",
                 "customer, customers or segment"};
  if (request.customers.size() > kInviteMost || request.most == 0 || request.most > kInviteMost)
    return Error{Errc::too_large, "too many customers in one call", "customers",
                 fmt::format("1 to {}", kInviteMost)};
  if (request.days && (*request.days < 1 || *request.days > 3'650))
    return Error{Errc::bad_input, fmt::format("{} days", *request.days), "days", "1 to 3650"};
  return {};
}

struct Decided {
  InviteAnswer answer;
  std::vector<model::Event> events;
  std::vector<Reserved> reserved;
  Outgoing outgoing;
};

std::vector<TableChange> rows_of(const Outgoing& outgoing) {
  std::vector<TableChange> rows = Letters::rows(outgoing.letters, outgoing.reminders);
  for (TableChange& call : Outbox::rows(outgoing.calls)) rows.push_back(std::move(call));
  return rows;
}

}  // namespace

void Engine::invite(ShopNo shop, InviteRequest request, Reply<InviteAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (const Status good = check_request(request); !good.ok()) return reply(good.error());
  auto shared = std::make_shared<Reply<InviteAnswer>>(std::move(reply));
  const auto decided = [unit, shared](Result<std::shared_ptr<Decided>> made) {
    if (!made.ok()) return (*shared)(made.error());
    const std::shared_ptr<Decided> all = *made;
    if (all->events.empty()) return (*shared)(std::move(all->answer));
    IngestRequest ingested;
    ingested.events = std::move(all->events);
    unit->shop.ingest_with(
        std::move(ingested), rows_of(all->outgoing), [unit, shared, all](Result<model::IngestAnswer> answer) {
          // What is folded counts by itself; until then the reservation does.
          const auto release = [unit, all] {
            for (const Reserved& one : all->reserved) unit->survey_desk.release(one.node, one.invitation);
          };
          if (!answer.ok()) {
            unit->shop.post(release);
            return (*shared)(answer.error());
          }
          all->answer.offset = answer->offset;
          unit->letters.take(std::move(all->outgoing.letters), std::move(all->outgoing.reminders));
          unit->outbox.take(std::move(all->outgoing.calls));
          const auto finish = [release, shared, all] {
            release();
            (*shared)(std::move(all->answer));
          };
          if (!unit->shop.read(answer->offset, finish)) unit->shop.post(finish);
        });
  };
  impl_->on_shop<std::shared_ptr<Decided>>(
      shop, std::nullopt, decided,
      [this, shop, request = std::move(request)](ShopUnit& one) -> Result<std::shared_ptr<Decided>> {
        const std::string noun(one.shop.state().noun(model::kind::survey_published, request.survey));
        if (noun.empty()) return Error{Errc::not_found, "no such survey", "survey", "one of GET /v1/surveys"};
        RAPPORT_TRY(model::Survey survey, codec::parse_survey(noun));
        if (survey.closed) return Error{Errc::refused, "the survey is closed", "survey", "one that is open"};
        RAPPORT_TRY(const Carrier carrier, carrier_of(one, request));
        Inviting inviting(one, shop, impl_->survey_key, request, carrier, std::move(survey));
        for (const std::string& customer : request.customers) inviting.ask(customer);
        if (!request.segment.empty()) inviting.ask_segment(request.segment);
        return std::make_shared<Decided>(Decided{std::move(inviting.answer), std::move(inviting.events),
                                                 std::move(inviting.reserved), std::move(inviting.outgoing)});
      });
}

}  // namespace rapport::engine
