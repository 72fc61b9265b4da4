#include "engine/engine_mail_in.h"

#include "base/hash.h"
#include "codec/event_builder.h"
#include "codec/json_writer.h"
#include "engine/detail/inquiry.h"
#include "engine/detail/noun_members.h"
#include "text/letter.h"

// Letters in: a conversation a thread, a message a letter.
namespace rapport::engine {
namespace {

constexpr std::size_t kTextMost = 24 * 1024, kIdMost = 998, kSubjectMost = 998, kAddressMost = 256;
constexpr std::size_t kContactDigits = 24;

struct LetterIn {
  std::string from, text, message_id, contact_id;
  std::optional<Instant> date;
};

/// Of the letter's own id or its thread's: what the events are named by.
std::string digits_of(std::string_view id) {
  return digest_hex(sha256(id)).substr(0, kContactDigits);
}

/// The address of "Ada Li <ada@example.com>", or the text itself.
std::string address_of(const std::string& from) {
  const auto open = from.rfind('<'), close = from.rfind('>');
  return open != std::string::npos && close != std::string::npos && open < close
             ? from.substr(open + 1, close - open - 1)
             : from;
}

Result<std::string> first_reference(const NounMembers& members) {
  const codec::JsonValue list = members.find("references");
  if (!list.present() || list.is(codec::JsonKind::null)) return members.text("in_reply_to");
  const Error wrong{Errc::bad_input, "the references are no list of ids", "references", "[\"<id>\", ...]"};
  if (!list.is(codec::JsonKind::array)) return wrong;
  for (codec::JsonItems items(list); items.next();) {
    if (!items.value().is(codec::JsonKind::string)) return wrong;
    return std::string(items.value().text());
  }
  return members.text("in_reply_to");
}

/// The conversation that a letter of ours belongs to (engine_desk_macros.cc names it); "" for what is none.
std::string contact_of_reply(std::string_view reference) {
  constexpr std::string_view kReply = "reply-", kContact = "mail-";
  if (reference.starts_with('<')) reference.remove_prefix(1);
  if (!reference.starts_with(kReply)) return {};
  const std::string_view contact = reference.substr(kReply.size(), kContact.size() + kContactDigits);
  const bool named = contact.size() == kContact.size() + kContactDigits && contact.starts_with(kContact) &&
                     contact.find_first_not_of("0123456789abcdef", kContact.size()) == std::string_view::npos;
  return named ? std::string(contact) : std::string();
}

Result<LetterIn> read_letter(const NounMembers& members) {
  LetterIn letter;
  RAPPORT_TRY(const std::string from, members.need_text("from", kAddressMost));
  letter.from = address_of(from);
  RAPPORT_TRY(letter.message_id, members.need_text("message_id", kIdMost));
  RAPPORT_TRY(const std::string thread, first_reference(members));
  const codec::JsonValue text = members.find("text");
  if (!text.is(codec::JsonKind::string))
    return Error{Errc::bad_input, "the letter has no text", "text", "its plain text"};
  letter.text = text::newly_written(text.text());
  const std::string subject = members.text("subject");
  if (subject.size() > kSubjectMost)
    return Error{Errc::bad_input, "the subject is too long", "subject",
                 fmt::format("at most {} bytes", kSubjectMost)};
  // Who begins a thread says in the subject what it is about; later it only says "Re:".
  if (thread.empty() && !subject.empty())
    letter.text = letter.text.empty() ? subject : fmt::format("{}\n{}", subject, letter.text);
  if (letter.text.empty())
    return Error{Errc::bad_input, "the letter says nothing", "text", "a text or a subject"};
  if (letter.text.size() > kTextMost)
    return Error{Errc::too_large, fmt::format("{} bytes are new in the letter", letter.text.size()), "text",
                 fmt::format("at most {}; longer ones as a file (POST /v1/files)", kTextMost)};
  if (!members.text("date").empty()) {
    letter.date = members.time("date");
    if (!letter.date) return Error{Errc::bad_input, "the date is no moment", "date", "2026-11-22T08:00:00Z"};
  }
  letter.contact_id = contact_of_reply(thread);
  if (letter.contact_id.empty())
    letter.contact_id = "mail-" + digits_of(thread.empty() ? letter.message_id : thread);
  return letter;
}

std::string answer_of(const std::string& contact, bool is_new, EventSeq offset) {
  std::string out;
  codec::JsonWriter json(out);
  json.begin_object();
  json.field("contact_id", contact);
  json.field("new", is_new);
  json.field("offset", offset);
  json.end_object();
  return out;
}

Result<model::Event> event_of(const LetterIn& letter, std::string_view name, const std::string& message_id,
                              std::vector<codec::PropertyInput> properties) {
  codec::EventInput input;
  input.name = name;
  input.message_id = message_id;
  input.timestamp = letter.date;
  input.identifiers = {{model::IdentifierKind::email, letter.from}};
  input.properties = std::move(properties);
  return codec::build_event(input);
}

}  // namespace

void take_letter(Engine& engine, ShopNo shop, std::string body, Reply<std::string> reply) {
  engine.inquire_quickly(
      shop,
      [body = std::move(body)](Inquiry& inquiry) -> Result<std::string> {
        RAPPORT_TRY(const auto members, NounMembers::parse(body));
        if (members->find("automatic").present() && members->find("automatic").is_true())
          return std::string(R"({"contact_id":null,"why":"an automatic letter is no customer's word"})");
        RAPPORT_TRY(LetterIn letter, read_letter(*members));
        RAPPORT_TRY(const auto from, model::Identifier::parse(model::IdentifierKind::email, letter.from));
        letter.from = from.value;
        if (!letter.date) {
          RAPPORT_TRY(letter.date, inquiry.now());
        }
        const std::string contact = letter.contact_id;
        std::vector<model::Event> events;
        // One of a thread: whoever comes first begins it.
        RAPPORT_TRY(model::Event begun, event_of(letter, "Contact Started", contact,
                                                 {{"contact_id", std::string_view(contact)},
                                                  {"channel", std::string_view("email")}}));
        RAPPORT_TRY(model::Event said,
                    event_of(letter, "Message Posted", "mail-message-" + digits_of(letter.message_id),
                             {{"contact_id", std::string_view(contact)},
                              {"from", std::string_view("customer")},
                              {"channel", std::string_view("email")},
                              {"text", std::string_view(letter.text)}}));
        events.push_back(std::move(begun));
        events.push_back(std::move(said));
        const auto taken = inquiry.publish(std::move(events));
        if (taken.ok()) return answer_of(contact, true, *taken);
        if (taken.error().code != Errc::conflict) return taken.error();
        return answer_of(contact, false, inquiry.known_at());
      },
      std::move(reply));
}

}  // namespace rapport::engine
