#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "codec/event_builder.h"
#include "codec/survey.h"
#include "engine/detail/impl.h"
#include "engine/detail/survey_links.h"
#include "engine/engine_surveys.h"
#include "model/catalogue_ids.h"

// Inviting and reminding, within the limits and with consent.
namespace rapport::engine {
namespace {

constexpr std::string_view kChannels[] = {"email", "sms", "app", "mini_program", "phone", "link"};
constexpr std::string_view kPurposes[] = {"survey", "service", "marketing"};
/// Members of a segment that one call looks at.
constexpr std::size_t kLookedAtMost = 20'000;

struct Reserved {
  NodeId node;
  Hash128 invitation;
};

/// One call of invite(), on the shop thread.
class Inviting {
 public:
  Inviting(ShopUnit& unit, ShopNo shop, const codec::NodeKey& key, const InviteRequest& request,
           model::Survey survey)
      : unit_(unit),
        state_(unit.shop.state()),
        shop_(shop),
        key_(key),
        request_(request),
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

 private:
  void refuse(const std::string& customer, AskRefusal refusal) {
    ++answer.refused_total;
    if (answer.refused.size() == kInviteMost) return;
    answer.refused.push_back({customer, refusal.code, std::move(refusal.why), std::move(refusal.expected)});
  }

  AskFacts facts_of(CustomerId customer, const std::vector<NodeId>& nodes) const {
    AskFacts facts;
    facts.asks = state_.survey_asks(customer);
    unit_.survey_desk.add_pending(nodes, facts.asks);
    const views::Dictionary& words = state_.tables().words();
    for (const views::ConsentState& consent : state_.consent(customer)) {
      const std::string_view purpose = words.text(consent.purpose_word);
      if (purpose == "survey" && !consent.granted) facts.any_channel_denied = true;
      const bool matters =
          std::find(std::begin(kPurposes), std::end(kPurposes), purpose) != std::end(kPurposes);
      if (matters && words.text(consent.channel_word) == request_.channel)
        facts.consents.emplace_back(purpose, consent.granted);
    }
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
    const auto node = named_node(nodes);
    if (!node) return refuse(ref, {"unknown", "nothing is left that names the customer", "another customer"});
    link.node = *node;
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
    const auto node = named_node(nodes);
    if (!node) return refuse(ref, {"unknown", "nothing is left that names the customer", "another customer"});
    const auto sheet = views::survey_key_text(open->invitation);
    if (!sheet)
      return refuse(ref,
                    {"not_invited", "the invitation was made elsewhere", "a reminder by whoever made it"});
    SurveyLink link = new_survey_link(SurveyLink::Kind::personal, shop_, survey_.survey_id, open->until);
    link.node = *node;
    const std::string nonce = from_hex(*sheet).value_or("");
    std::copy(nonce.begin(), nonce.end(), reinterpret_cast<char*>(link.nonce.data()));
    put(customer, link, ref);
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

  void put(CustomerId customer, const SurveyLink& link, const std::string& ref) {
    const std::string sheet = link.sheet_id();
    const std::string message_id = fmt::format("survey-ask-{}-{}", sheet, request_.reminder ? now_.ms : 0);
    codec::EventInput input;
    input.type = model::EventType::track;
    input.name = "Survey Invited";
    input.message_id = message_id;
    input.timestamp = now_;
    input.identifiers = {{*state_.kind_of(link.node), *unit_.shop.texts().find(link.node)}};
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
    answer.invited.push_back({customer, seal_survey_link(key_, link), link.until, request_.reminder});
  }

  ShopUnit& unit_;
  const views::ShopState& state_;
  ShopNo shop_;
  const codec::NodeKey& key_;
  const InviteRequest& request_;
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
};

}  // namespace

void Engine::invite(ShopNo shop, InviteRequest request, Reply<InviteAnswer> reply) {
  ShopUnit* unit = impl_->unit(shop);
  if (unit == nullptr) return reply(Error{Errc::not_found, "no such shop"});
  if (const Status good = check_request(request); !good.ok()) return reply(good.error());
  auto shared = std::make_shared<Reply<InviteAnswer>>(std::move(reply));
  const auto decided = [this, shop, unit, shared](Result<std::shared_ptr<Decided>> made) {
    if (!made.ok()) return (*shared)(made.error());
    const std::shared_ptr<Decided> all = *made;
    if (all->events.empty()) return (*shared)(std::move(all->answer));
    IngestRequest ingested;
    ingested.events = std::move(all->events);
    ingest(shop, std::move(ingested), [unit, shared, all](Result<model::IngestAnswer> answer) {
      // What is folded counts by itself; until then the reservation does.
      const auto release = [unit, all] {
        for (const Reserved& one : all->reserved) unit->survey_desk.release(one.node, one.invitation);
      };
      if (!answer.ok()) {
        unit->shop.post(release);
        return (*shared)(answer.error());
      }
      all->answer.offset = answer->offset;
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
        Inviting inviting(one, shop, impl_->survey_key, request, std::move(survey));
        for (const std::string& customer : request.customers) inviting.ask(customer);
        if (!request.segment.empty()) inviting.ask_segment(request.segment);
        return std::make_shared<Decided>(
            Decided{std::move(inviting.answer), std::move(inviting.events), std::move(inviting.reserved)});
      });
}

}  // namespace rapport::engine
