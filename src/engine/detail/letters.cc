#include "engine/detail/letters.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/log.h"
#include "base/thread_name.h"
#include "codec/event_builder.h"
#include "codec/survey.h"
#include "engine/detail/case_links.h"
#include "engine/detail/impl.h"
#include "engine/detail/survey_desk.h"
#include "engine/detail/survey_links.h"

namespace rapport::engine {
namespace {

constexpr std::string_view kLetterPrefix = "letter/";
constexpr std::string_view kReminderPrefix = "remind/";

std::string letter_key(const PostedLetter& letter) {
  return fmt::format("{}{}", kLetterPrefix, letter.decision_id);
}
std::string reminder_key(const WaitingReminder& reminder) {
  return fmt::format("{}{}", kReminderPrefix, reminder.sheet);
}

/// Her word on service messages by mail; none = she was never asked.
std::optional<bool> service_mail_consent(const views::ShopState& state, CustomerId customer) {
  const views::Dictionary& words = state.tables().words();
  for (const views::ConsentState& consent : state.consent(customer)) {
    if (words.text(consent.purpose_word) == "service" && words.text(consent.channel_word) == "email")
      return consent.granted;
  }
  return std::nullopt;
}

}  // namespace

std::string mail_address(Shop& shop, CustomerId customer) {
  std::string address;
  for (const NodeId node : shop.state().nodes_of(customer)) {
    if (shop.state().kind_of(node) != model::IdentifierKind::email) continue;
    const auto value = shop.texts().find(node);
    if (value && courier::is_mail_address(*value)) address = *value;
  }
  return address;
}

bool agrees_to_service_mail(const views::ShopState& state, CustomerId customer) {
  return service_mail_consent(state, customer).value_or(false);
}

std::optional<std::string> seal_words(Keyring& keyring, NodeId node, std::string_view words) {
  const auto key = keyring.find(node);
  if (!key) return std::nullopt;
  std::string sealed;
  codec::seal(*key, words, seal_context(SealedAs::letter, node), sealed);
  return sealed;
}

std::string encode_letter(const PostedLetter& letter) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(!letter.words.empty() ? 3 : letter.order.empty() ? 1 : 2);
  out.text(letter.decision_id);
  out.text(letter.survey);
  out.text(letter.sheet);
  out.varint(letter.node.value);
  out.i64(letter.until.ms);
  out.u8(letter.reminder ? 1 : 0);
  out.varint(letter.attempts);
  out.i64(letter.due.ms);
  if (!letter.words.empty()) {
    out.text(letter.words);
    out.text(letter.ticket);
  } else if (!letter.order.empty()) {
    out.text(letter.order);
  }
  return bytes;
}

Result<PostedLetter> decode_letter(std::string_view bytes) {
  ByteReader in(bytes);
  PostedLetter letter;
  const std::uint8_t version = in.u8();
  letter.decision_id = in.text();
  letter.survey = in.text();
  letter.sheet = in.text();
  letter.node = NodeId{static_cast<std::uint32_t>(in.varint())};
  letter.until = {in.i64()};
  letter.reminder = in.u8() != 0;
  letter.attempts = static_cast<std::uint32_t>(in.varint());
  letter.due = {in.i64()};
  if (version == 2) letter.order = in.text();
  if (version == 3) {
    letter.words = in.text();
    letter.ticket = in.text();
  }
  if (!in.ok() || !in.at_end() || version < 1 || version > 3)
    return Error{Errc::corrupt, "a stored letter is damaged"};
  return letter;
}

std::string encode_reminder(const WaitingReminder& reminder) {
  std::string bytes;
  ByteWriter out(bytes);
  out.u8(1);
  out.text(reminder.survey);
  out.text(reminder.sheet);
  out.text(reminder.channel);
  out.varint(reminder.node.value);
  out.i64(reminder.due.ms);
  return bytes;
}

Result<WaitingReminder> decode_reminder(std::string_view bytes) {
  ByteReader in(bytes);
  WaitingReminder reminder;
  const std::uint8_t version = in.u8();
  reminder.survey = in.text();
  reminder.sheet = in.text();
  reminder.channel = in.text();
  reminder.node = NodeId{static_cast<std::uint32_t>(in.varint())};
  reminder.due = {in.i64()};
  if (!in.ok() || !in.at_end() || version != 1) return Error{Errc::corrupt, "a stored reminder is damaged"};
  return reminder;
}

std::vector<TableChange> Letters::rows(const std::vector<PostedLetter>& letters,
                                       const std::vector<WaitingReminder>& reminders) {
  std::vector<TableChange> changes;
  for (const PostedLetter& letter : letters)
    changes.push_back({store::Table::outbox, letter_key(letter), encode_letter(letter)});
  for (const WaitingReminder& reminder : reminders)
    changes.push_back({store::Table::outbox, reminder_key(reminder), encode_reminder(reminder)});
  return changes;
}

Status Letters::start() {
  const ShopNo shop = parts_.shop.info().shop;
  Status damaged;
  RAPPORT_CHECK(parts_.store.scan(
      store::Table::outbox, shop, kLetterPrefix, [&](std::string_view, std::string_view row) {
        auto letter = decode_letter(row);
        letter.ok() ? void(letters_.emplace(letter->decision_id, *letter)) : void(damaged = letter.error());
        return store::Walk::on;
      }));
  RAPPORT_CHECK(parts_.store.scan(store::Table::outbox, shop, kReminderPrefix,
                                  [&](std::string_view, std::string_view row) {
                                    auto reminder = decode_reminder(row);
                                    reminder.ok() ? void(reminders_.emplace(reminder->sheet, *reminder))
                                                  : void(damaged = reminder.error());
                                    return store::Walk::on;
                                  }));
  RAPPORT_CHECK(damaged);
  jitter_ = Random(static_cast<std::uint64_t>(monotonic_ns()));
  const std::lock_guard lock(mutex_);
  if (!letters_.empty()) start_thread();
  return {};
}

// Most shops never send a letter; the thread begins with the first.
void Letters::start_thread() {
  if (!can_send() || stopping_ || thread_.joinable()) return;
  thread_ = std::thread([this] {
    name_this_thread("letters");
    run();
  });
}

void Letters::stop() {
  std::thread ending;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    ending = std::move(thread_);
  }
  wake_.notify_all();
  if (ending.joinable()) ending.join();
}

void Letters::take(std::vector<PostedLetter> letters, std::vector<WaitingReminder> reminders) {
  {
    const std::lock_guard lock(mutex_);
    for (WaitingReminder& reminder : reminders) reminders_[reminder.sheet] = std::move(reminder);
    for (PostedLetter& letter : letters) letters_.emplace(letter.decision_id, std::move(letter));
    if (letters.empty()) return;
    noticed_ = true;
    start_thread();
  }
  wake_.notify_one();
}

std::uint64_t Letters::waiting() const {
  const std::lock_guard lock(mutex_);
  return letters_.size();
}

std::vector<WaitingReminder> Letters::due_reminders(Instant now) const {
  constexpr std::size_t kAtOnce = 500;
  const std::lock_guard lock(mutex_);
  std::vector<WaitingReminder> due;
  for (const auto& [sheet, reminder] : reminders_) {
    if (reminder.due <= now && due.size() < kAtOnce) due.push_back(reminder);
  }
  return due;
}

// A crash in between asks again, and the limits answer that it was done.
Status Letters::reschedule(WaitingReminder reminder, std::optional<Instant> next) {
  const ShopNo shop = parts_.shop.info().shop;
  const std::lock_guard lock(mutex_);
  if (!next) {
    reminders_.erase(reminder.sheet);
    return parts_.store.remove(store::Table::outbox, shop, reminder_key(reminder));
  }
  reminder.due = *next;
  reminders_[reminder.sheet] = reminder;
  return parts_.store.put(store::Table::outbox, shop, reminder_key(reminder), encode_reminder(reminder),
                          store::Sync::no);
}

void Letters::run() {
  courier::MailSender sender(parts_.mail->server);
  while (true) {
    {
      std::unique_lock lock(mutex_);
      Instant next = Instant::never();
      for (const auto& [id, letter] : letters_) next = std::min(next, letter.due);
      const Duration wait = std::clamp(next - parts_.clock.now(), milliseconds(0), seconds(60));
      wake_.wait_for(lock, std::chrono::milliseconds(wait.ms), [&] { return noticed_ || stopping_; });
      if (stopping_) return;
      noticed_ = false;
    }
    send_due(sender);
  }
}

void Letters::send_due(courier::MailSender& sender) {
  std::vector<PostedLetter> due;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = parts_.clock.now();
    for (const auto& [id, letter] : letters_) {
      if (letter.due <= now) due.push_back(letter);
    }
  }
  for (PostedLetter& letter : due) {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    attempt(sender, std::move(letter));
  }
}

Letters::Ready Letters::prepare(const PostedLetter& letter) {
  Ready ready;
  const views::ShopState& state = parts_.shop.state();
  const auto value = parts_.shop.texts().find(letter.node);
  const auto kind = state.kind_of(letter.node);
  if (!value || !kind) {
    ready.drop = "erased";
    return ready;
  }
  ready.who = model::Identifier{*kind, std::string(*value)};
  const CustomerId customer = state.customer_of(letter.node);
  if (!letter.order.empty() || !letter.words.empty()) {
    letter.words.empty() ? prepare_delay(letter, customer, ready) : prepare_words(letter, customer, ready);
    return ready;
  }
  const auto survey = codec::parse_survey(state.noun(model::kind::survey_published, letter.survey));
  // Between the decision and the letter she may have answered, withdrawn her consent, or the survey ended.
  if (!survey.ok() || survey->closed) {
    ready.drop = "closed";
  } else if (letter.until <= parts_.shop.now()) {
    ready.drop = "expired";
  } else if (state.surveys().answered(views::survey_key(letter.sheet))) {
    ready.drop = "answered";
  } else if (refuse_channel(consent_facts(state, customer, "email"), "email")) {
    ready.drop = "no_consent";
  }
  if (!ready.drop.empty()) return ready;
  const std::string to = mail_address(parts_.shop, customer);
  if (to.empty()) {
    ready.drop = "no_address";
    return ready;
  }
  const std::string link = seal_survey_link(
      parts_.survey_key,
      personal_link(parts_.shop.info().shop, letter.survey, letter.sheet, letter.node, letter.until));
  ready.letter = invitation_letter(*survey, *parts_.mail,
                                   {parts_.mail->base_url + "/ask/" + link, letter.until, letter.reminder});
  ready.letter.to = to;
  ready.letter.id = letter.decision_id;
  return ready;
}

// Between the decision and the letter the parcel may have come, or she may have withdrawn her consent.
void Letters::prepare_delay(const PostedLetter& letter, CustomerId customer, Ready& ready) {
  const views::ShopState& state = parts_.shop.state();
  const std::uint32_t number = state.tables().dictionary(views::DictionaryKind::orders).find(letter.order);
  const views::ParcelNote* note = state.parcel_notes().find(number);
  if (note == nullptr) {
    ready.drop = "closed";
  } else if (letter.until <= parts_.shop.now()) {
    ready.drop = "expired";
  } else if (!agrees_to_service_mail(state, customer)) {
    ready.drop = "no_consent";
  } else if (const std::string to = mail_address(parts_.shop, customer); to.empty()) {
    ready.drop = "no_address";
  } else {
    const Currency currency = state.tables().currencies.currency(note->currency_slot);
    DelayWords words{letter.order, note->promise_told, note->estimate_told, {}};
    if (note->coupon_at != Instant::min())
      words.coupon = fmt::format("{} {}", format_minor(note->coupon_minor, currency), currency.text());
    ready.letter = delay_letter(words, *parts_.mail);
    ready.letter.to = to;
    ready.letter.id = letter.decision_id;
  }
}

// A reply goes to the address that wrote, unless she said no to mail meanwhile; to be told of what was done
// takes a yes.
void Letters::prepare_words(const PostedLetter& letter, CustomerId customer, Ready& ready) {
  const views::ShopState& state = parts_.shop.state();
  const bool reply = !letter.ticket.empty();
  const bool wrote = state.kind_of(letter.node) == model::IdentifierKind::email &&
                     courier::is_mail_address(ready.who->value);
  const auto words = parts_.shop.keyring().open(SealedAs::letter, letter.node, letter.words);
  const std::string to = reply && wrote ? ready.who->value : mail_address(parts_.shop, customer);
  if (!words) {
    ready.drop = "erased";
  } else if (letter.until <= parts_.shop.now()) {
    ready.drop = "expired";
  } else if (!service_mail_consent(state, customer).value_or(reply)) {
    ready.drop = "no_consent";
  } else if (to.empty()) {
    ready.drop = "no_address";
  } else {
    WrittenWords written{*words, reply, {}};
    if (reply) {
      written.case_link = parts_.mail->base_url + "/case/" +
                          seal_case_link(parts_.link_key, parts_.shop.info().shop, letter.ticket);
    }
    ready.letter = words_letter(written, *parts_.mail);
    ready.letter.to = to;
    ready.letter.id = letter.decision_id;
  }
}

void Letters::attempt(courier::MailSender& sender, PostedLetter letter) {
  const Result<Ready> made = ask_shop<Ready>(parts_.shop, [&]() -> Result<Ready> { return prepare(letter); });
  if (!made.ok()) return;
  if (!made->drop.empty()) return settle(letter, made->who, made->drop);
  ++letter.attempts;
  const courier::MailOutcome outcome = sender.send(made->letter, parts_.clock.now());
  if (outcome.accepted) return settle(letter, made->who, {});
  const auto next = courier::next_mail_attempt(static_cast<int>(letter.attempts), outcome, parts_.clock.now(),
                                               jitter_.uniform());
  log(next ? LogLevel::info : LogLevel::warn, next ? "a letter will be tried again" : "a letter was given up",
      {{"shop", parts_.shop.info().name},
       {"decision", letter.decision_id},
       {"status", outcome.status},
       {"why", outcome.error},
       {"attempts", letter.attempts}});
  if (!next)
    return settle(letter, made->who, outcome.refused ? fmt::format("smtp_{}", outcome.status) : "given_up");
  letter.due = *next;
  // A row that is not written is only tried sooner after a restart.
  [[maybe_unused]] const Status kept =
      parts_.store.put(store::Table::outbox, parts_.shop.info().shop, letter_key(letter),
                       encode_letter(letter), store::Sync::no);
  const std::lock_guard lock(mutex_);
  letters_[letter.decision_id] = std::move(letter);
}

// What became of it and the end of its row commit together. `failed` "" = sent. Of who was erased no event
// tells.
void Letters::settle(const PostedLetter& letter, const std::optional<model::Identifier>& who,
                     std::string_view failed) {
  IngestRequest request;
  if (who) {
    codec::EventInput input;
    input.type = model::EventType::track;
    input.name = failed.empty() ? "Message Sent" : "Message Failed";
    const std::string message_id =
        (failed.empty() ? "message-sent-" : "message-failed-") + letter.decision_id;
    input.message_id = message_id;
    input.timestamp = parts_.clock.now();
    input.identifiers = {{who->kind, who->value}};
    input.properties = {{"decision_id", std::string_view(letter.decision_id)},
                        {"channel", std::string_view("email")}};
    if (!failed.empty()) input.properties.push_back({"code", failed});
    auto event = codec::build_event(input);
    if (event.ok()) request.events.push_back(std::move(event).value());
  }
  parts_.shop.ingest_with(std::move(request), {{store::Table::outbox, letter_key(letter), std::nullopt}},
                          [](const Result<model::IngestAnswer>&) {});
  const std::lock_guard lock(mutex_);
  letters_.erase(letter.decision_id);
}

}  // namespace rapport::engine
