#include "engine/detail/feedback_reading.h"

#include <algorithm>

#include "model/catalogue_ids.h"
#include "text/han.h"
#include "text/normalise.h"

namespace rapport::engine {

namespace {
namespace k = model::kind;
}  // namespace

Status check_one_of(std::string_view value, std::string_view where,
                    std::initializer_list<std::string_view> words) {
  if (value.empty() || std::find(words.begin(), words.end(), value) != words.end()) return {};
  std::string all;
  for (const std::string_view word : words) all += (all.empty() ? "" : " ") + std::string(word);
  return Error{Errc::bad_input, fmt::format("'{}' is none of them", value.substr(0, 60)), std::string(where),
               all};
}

Status check_feedback_class(std::string_view value, std::string_view where) {
  return check_one_of(value, where, {"product", "service", "logistics", "price", "payment", "experience"});
}

Result<OpenedFeedback> open_feedback(Inquiry& inquiry, const std::vector<FeedbackEntry>& entries) {
  std::vector<EventSeq> seqs;
  for (const FeedbackEntry& entry : entries) {
    seqs.push_back(entry.source.seq);
    seqs.push_back(entry.told);
  }
  std::sort(seqs.begin(), seqs.end());
  seqs.erase(std::unique(seqs.begin(), seqs.end()), seqs.end());
  OpenedFeedback out;
  Keyring& keyring = inquiry.unit().shop.keyring();
  RAPPORT_CHECK(inquiry.store().read_records(
      inquiry.unit().shop.info().shop, seqs, [&](const model::RecordView& record) {
        if (record.kind == k::feedback_classified || record.kind == k::feedback_corrected) {
          out.heard[record.seq.value] = heard_whole(keyring, record);
        } else {
          out.texts[record.seq.value] = feedback_text(keyring, record);
        }
      }));
  return out;
}

Result<FeedbackCustomers> authors_as_customers(Inquiry& inquiry, const std::vector<FeedbackEntry>& entries) {
  return ask_shop<FeedbackCustomers>(inquiry.unit(), [&]() -> Result<FeedbackCustomers> {
    FeedbackCustomers out;
    for (const FeedbackEntry& entry : entries)
      out.push_back(inquiry.unit().shop.state().customer_of(entry.source.node));
    return out;
  });
}

Result<model::Identifier> feedback_author(Inquiry& inquiry, const FeedbackEntry& entry) {
  return ask_shop<model::Identifier>(inquiry.unit(), [&]() -> Result<model::Identifier> {
    Shop& shop = inquiry.unit().shop;
    const auto value = shop.texts().find(entry.source.node);
    const auto kind = shop.state().kind_of(entry.source.node);
    if (!value || !kind) return Error{Errc::not_found, "its author was erased", "id"};
    return model::Identifier{*kind, std::string(*value)};
  });
}

Result<FeedbackEntry> find_feedback(Inquiry& inquiry, const std::string& id) {
  RAPPORT_CHECK(inquiry.unit().feedback_board.refresh(kFeedbackReadBudget));
  return inquiry.unit().feedback_board.find(id);
}

std::string phrase_form(std::string_view text) {
  return text::simplified_characters(text::comparison_form(text));
}

void write_feedback_model(codec::JsonWriter& json, const FeedbackListener& listener) {
  const auto model = listener.model();
  json.key("model");
  json.begin_object();
  json.field("version", model->version());
  json.field("examples", model->examples());
  json.key("threshold");
  json.real(model->card().threshold);
  json.field("listening", listener.listening());
  json.field("behind", listener.behind());
  json.end_object();
}

Reply<std::string> as_position(Reply<EventSeq> reply) {
  return [reply = std::move(reply)](const Result<std::string>& answer) {
    if (!answer.ok()) return reply(answer.error());
    reply(EventSeq{std::strtoull(answer->c_str(), nullptr, 10)});
  };
}

Result<std::string> publish_one(Inquiry& inquiry, model::Event event) {
  std::vector<model::Event> events;
  events.push_back(std::move(event));
  RAPPORT_TRY(const EventSeq seq, inquiry.publish(std::move(events)));
  return std::to_string(seq.value);
}

}  // namespace rapport::engine
