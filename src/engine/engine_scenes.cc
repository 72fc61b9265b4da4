#include <algorithm>

#include "base/assert.h"
#include "codec/json_index.h"
#include "codec/json_writer.h"
#include "codec/properties.h"
#include "codec/scene.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "engine/detail/recommend_parts.h"
#include "engine/engine_recommend.h"
#include "model/catalogue_ids.h"
#include "views/rule.h"

// Scenes: listed, drafted, approved, published. A draft is a noun of its own beside the scene, under its id
// and kDraftSuffix, so that the scene serves as it was while the draft waits.
namespace rapport::engine {
namespace {

constexpr std::string_view kState = "state";
/// Members that say who did what: written here, never taken from a request.
constexpr std::string_view kSigned[] = {"state",       "drafted_by",   "drafted_at",  "approved_by",
                                        "approved_at", "published_by", "published_at"};

bool is_signed(std::string_view name) {
  return std::find(std::begin(kSigned), std::end(kSigned), name) != std::end(kSigned);
}

/// The members of a scene as they were sent, less who did what, and then `sign`ed.
std::string signed_body(std::string_view body,
                        const std::vector<std::pair<std::string_view, std::string>>& sign) {
  codec::JsonIndex index;
  ASSERT(index.parse(body).ok());  // parse_scene took it before
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  for (codec::JsonMembers members(index.root()); members.next();) {
    if (is_signed(members.key())) continue;
    json.escaped_key(members.key());
    json.raw(members.value().raw());
  }
  for (const auto& [name, value] : sign) json.field(name, value);
  json.end_object();
  return text;
}

Result<model::Scene> valid_scene(const std::string& id, const std::string& body) {
  if (id.find(kDraftSuffix) != std::string::npos)
    return Error{Errc::bad_input, "this is no id of a scene", "scene_id", "without '@'"};
  RAPPORT_TRY(model::Scene scene, codec::parse_scene(id, body));
  if (!scene.trigger.empty()) {
    auto rule = views::parse_rule(scene.trigger);
    if (!rule.ok()) return std::move(rule).error().at("trigger");
  }
  return scene;
}

Status serves(const std::string& id, const std::string& body) {
  RAPPORT_TRY([[maybe_unused]] const model::Scene scene, valid_scene(id, body));
  return {};
}

/// Whoever published looks at it next: what serves is made anew at once, however lately it was made.
std::string told(Inquiry& inquiry, const std::string& id, std::string_view state, EventSeq seq,
                 std::string_view draft) {
  inquiry.unit().recommend_desk.models_changed();
  std::string text;
  codec::JsonWriter json(text);
  json.begin_object();
  json.field("scene_id", id);
  json.field("state", state);
  json.field("offset", seq);
  if (!draft.empty()) json.field("draft", draft);
  json.end_object();
  return text;
}

Result<std::string> publish(Inquiry& inquiry, const std::string& id, const std::string& body,
                            const SceneAuthor& author) {
  RAPPORT_TRY([[maybe_unused]] const model::Scene scene, valid_scene(id, body));
  RAPPORT_TRY(const auto members, NounMembers::parse(body));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const std::string state = members->text(kState), at = format_instant(now);
  if (!state.empty() && state != "draft" && state != "live")
    return Error{Errc::bad_input, fmt::format("no state '{}'", state.substr(0, 40)), "state",
                 "draft or live"};
  if (state == "draft") {
    RAPPORT_TRY(const std::string waits,
                inquiry.noun(model::kind::scene_published, id + std::string(kDraftSuffix)));
    if (is_waiting_draft(waits) && !author.may_approve) {
      RAPPORT_TRY(const auto held, NounMembers::parse(waits));
      if (held->text("drafted_by") != author.who)
        return Error{Errc::conflict, fmt::format("a draft by {} waits", held->text("drafted_by")), "state",
                     "its writer, or who may approve; or wait until it is approved or withdrawn"};
    }
    const std::string draft =
        signed_body(body, {{kState, "draft"}, {"drafted_by", author.who}, {"drafted_at", at}});
    RAPPORT_TRY(const EventSeq seq,
                inquiry.publish({"Scene Published", "scene_id", id + std::string(kDraftSuffix), draft}));
    // Named by the noun as it is kept.
    RAPPORT_TRY(const std::string kept,
                inquiry.noun(model::kind::scene_published, id + std::string(kDraftSuffix)));
    return told(inquiry, id, "draft", seq, draft_digest(kept));
  }
  if (!author.may_publish)
    return Error{Errc::forbidden, "this role writes drafts of scenes", "state",
                 "\"draft\", which an owner or marketing approves"};
  const std::string live = signed_body(body, {{"published_by", author.who}, {"published_at", at}});
  RAPPORT_TRY(const EventSeq seq, inquiry.publish({"Scene Published", "scene_id", id, live}));
  return told(inquiry, id, "live", seq, "");
}

/// The draft that waits, as it was written.
Result<std::string> waiting_draft(Inquiry& inquiry, const std::string& id) {
  RAPPORT_TRY(std::string draft, inquiry.noun(model::kind::scene_published, id + std::string(kDraftSuffix)));
  if (!is_waiting_draft(draft))
    return Error{Errc::not_found, fmt::format("no draft of '{}' waits", id.substr(0, 60)), "scene",
                 "PUT /v1/scenes/{id} with \"state\": \"draft\""};
  return draft;
}

/// Both events go down together: the scene as it serves from now on, and that the draft waits no longer.
Result<std::string> approve(Inquiry& inquiry, const std::string& id, const std::string& body,
                            const SceneAuthor& author) {
  RAPPORT_TRY(const std::string draft, waiting_draft(inquiry, id));
  RAPPORT_TRY(const auto asked, NounMembers::parse(body.empty() ? "{}" : body));
  RAPPORT_TRY(const auto members, NounMembers::parse(draft));
  RAPPORT_TRY(const Instant now, inquiry.now());
  const std::string digest = asked->text("draft"), writer = members->text("drafted_by");
  if (!digest.empty() && digest != draft_digest(draft))
    return Error{Errc::conflict, "the draft was changed meanwhile", "draft", draft_digest(draft)};
  if (!author.may_approve || (writer == author.who && !author.may_approve_own))
    return Error{Errc::forbidden,
                 author.may_approve ? "nobody approves a draft of one's own" : "this role approves no drafts",
                 "approve", "an owner, or marketing who did not write it"};
  if (digest.empty())
    return Error{Errc::bad_input, "it is not said which draft was looked at", "draft",
                 "its digest, as GET /v1/scenes tells it: " + draft_digest(draft)};
  RAPPORT_TRY([[maybe_unused]] const model::Scene scene, valid_scene(id, draft));
  const std::string at = format_instant(now);
  const std::vector<std::pair<std::string_view, std::string>> sign = {
      {"drafted_by", writer},       {"drafted_at", members->text("drafted_at")},
      {"approved_by", author.who},  {"approved_at", at},
      {"published_by", author.who}, {"published_at", at}};
  const std::string live = signed_body(draft, sign);
  const std::string closed =
      signed_body("{}", {{kState, "approved"}, {"approved_by", author.who}, {"approved_at", at}});
  const std::string draft_id = id + std::string(kDraftSuffix);
  std::vector<model::Event> events;
  for (const auto& [noun, text] : {std::pair{&id, &live}, {&draft_id, &closed}}) {
    RAPPORT_TRY(model::Event event,
                noun_event({"Scene Published", "scene_id", *noun, *text}, inquiry.currency()));
    events.push_back(std::move(event));
  }
  RAPPORT_TRY(const EventSeq seq, inquiry.publish(std::move(events)));
  return told(inquiry, id, "live", seq, "");
}

Result<std::string> withdraw(Inquiry& inquiry, const std::string& id, const SceneAuthor& author) {
  RAPPORT_TRY(const std::string draft, waiting_draft(inquiry, id));
  RAPPORT_TRY(const auto members, NounMembers::parse(draft));
  if (!author.may_approve && members->text("drafted_by") != author.who)
    return Error{Errc::forbidden, "this draft is somebody else's", "draft", "its writer, or who may approve"};
  const std::string closed = signed_body("{}", {{kState, "withdrawn"}, {"published_by", author.who}});
  RAPPORT_TRY(const EventSeq seq,
              inquiry.publish({"Scene Published", "scene_id", id + std::string(kDraftSuffix), closed}));
  return told(inquiry, id, "withdrawn", seq, "");
}

}  // namespace

void refuse_broken_scenes(IngestRequest& request) {
  const auto is_scene = [](const model::Event& event) { return event.kind == model::kind::scene_published; };
  if (std::none_of(request.events.begin(), request.events.end(), is_scene)) return;
  std::vector<model::Event> kept;
  const std::size_t refused_before = request.rejected.size();
  // What was refused before left no gap: places are counted around it.
  std::uint32_t place = 0;
  for (model::Event& event : request.events) {
    while (std::any_of(request.rejected.begin(),
                       request.rejected.begin() + static_cast<std::ptrdiff_t>(refused_before),
                       [&](const model::RejectedEvent& one) { return one.index == place; }))
      ++place;
    std::string id, body;
    codec::Property property;
    for (codec::PropertyReader in(event.clear); is_scene(event) && in.next(property);) {
      if (property.id == model::property::scene_id) id = property.bytes;
      if (property.id == model::property::noun_body) body = property.bytes;
    }
    const bool draft = id.ends_with(kDraftSuffix);
    const bool holds = is_scene(event) && (!draft || is_waiting_draft(body));
    const Status valid =
        holds ? serves(draft ? id.substr(0, id.size() - kDraftSuffix.size()) : id, body) : Status();
    if (valid.ok()) {
      kept.push_back(std::move(event));
    } else {
      Error why = valid.error();
      why.message += "; the scene as it was before goes on serving";
      std::string raw;
      codec::JsonWriter json(raw);
      json.begin_object();
      json.field("type", "track");
      json.field("event", "Scene Published");
      json.field("messageId", event.message_id);
      json.key("properties");
      json.raw(body);
      json.end_object();
      request.rejected.push_back({place, std::move(why), std::move(raw)});
    }
    ++place;
  }
  request.events = std::move(kept);
}

bool is_waiting_draft(std::string_view noun) {
  codec::JsonIndex index;
  if (noun.empty() || !index.parse(noun).ok() || !index.root().is(codec::JsonKind::object)) return false;
  const codec::JsonValue state = index.root().find(kState);
  return state.present() && state.is(codec::JsonKind::string) && state.text() == "draft";
}

std::string draft_digest(std::string_view noun) {
  return digest_hex(sha256(noun)).substr(0, 16);
}

void recommendation_scenes(Engine& engine, ShopNo shop, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop, [](Inquiry& inquiry) { return inquiry.unit().recommend_desk.scenes_json(); }, std::move(reply));
}

void publish_scene(Engine& engine, ShopNo shop, std::string id, std::string body, SceneAuthor author,
                   Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id), body = std::move(body), author = std::move(author)](Inquiry& inquiry) {
        return publish(inquiry, id, body, author);
      },
      std::move(reply));
}

void approve_scene(Engine& engine, ShopNo shop, std::string id, std::string body, SceneAuthor author,
                   Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id), body = std::move(body), author = std::move(author)](Inquiry& inquiry) {
        return approve(inquiry, id, body, author);
      },
      std::move(reply));
}

void withdraw_draft(Engine& engine, ShopNo shop, std::string id, SceneAuthor author,
                    Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [id = std::move(id), author = std::move(author)](Inquiry& inquiry) {
        return withdraw(inquiry, id, author);
      },
      std::move(reply));
}

}  // namespace rapport::engine
