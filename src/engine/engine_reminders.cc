#include <future>

#include "codec/survey.h"
#include "engine/detail/inquiry.h"
#include "engine/engine_mail.h"
#include "engine/engine_surveys.h"

// Reminders by the calendar. Whether one may be sent is decided where every reminder is; here it is only
// asked at the right time.
namespace rapport::engine {
namespace {

constexpr Duration kAfterFailure = minutes(10);

Result<InviteAnswer> remind(Engine& engine, ShopNo shop, const std::string& customer,
                            const WaitingReminder& reminder) {
  InviteRequest request;
  request.survey = reminder.survey;
  request.customers = {customer};
  request.channel = reminder.channel;
  request.reminder = true;
  request.send = true;
  std::promise<Result<InviteAnswer>> promise;
  auto answer = promise.get_future();
  engine.invite(shop, std::move(request),
                [&promise](Result<InviteAnswer> got) { promise.set_value(std::move(got)); });
  return answer.get();
}

/// When to ask again; nothing = never.
std::optional<Instant> next_of(const Result<InviteAnswer>& answer, Instant now, Duration apart) {
  if (!answer.ok()) {
    const bool for_good = answer.error().code == Errc::not_found || answer.error().code == Errc::bad_input;
    return for_good ? std::nullopt : std::optional(now + kAfterFailure);
  }
  // After one that left the next may be due; the limits tell when there are to be no more.
  if (!answer->invited.empty()) return now + apart;
  const bool later = !answer->refused.empty() && answer->refused.front().code == "too_soon";
  return later ? std::optional(now + apart) : std::nullopt;
}

Result<std::string> customer_of(ShopUnit& unit, NodeId node) {
  return ask_shop<std::string>(unit, [&]() -> Result<std::string> {
    const CustomerId customer = unit.shop.state().customer_of(node);
    return customer.value == 0 || !unit.shop.texts().find(node) ? std::string()
                                                                : model::format_customer_id(customer);
  });
}

}  // namespace

void send_due_reminders(Engine& engine, ShopNo shop, Reply<std::size_t> reply) {
  const auto sent = std::make_shared<std::size_t>(0);
  engine.inquire(
      shop,
      [&engine, shop, sent](Inquiry& inquiry) -> Result<std::string> {
        ShopUnit& unit = inquiry.unit();
        RAPPORT_TRY(const Instant now, inquiry.now());
        for (WaitingReminder& due : unit.letters.due_reminders(now)) {
          if (unit.shop.stopping()) break;
          RAPPORT_TRY(const std::string customer, customer_of(unit, due.node));
          std::optional<Instant> next;
          if (!customer.empty()) {
            RAPPORT_TRY(const std::string noun, inquiry.noun(model::kind::survey_published, due.survey));
            const auto survey = codec::parse_survey(noun);
            const Duration apart = days(survey.ok() ? survey->limits.reminder_after_days : 1);
            const auto answer = remind(engine, shop, customer, due);
            *sent += answer.ok() ? answer->invited.size() : 0;
            next = next_of(answer, now, apart);
          }
          RAPPORT_CHECK(unit.letters.reschedule(std::move(due), next));
        }
        return std::string();
      },
      [sent, reply = std::move(reply)](const Result<std::string>& done) {
        done.ok() ? reply(*sent) : reply(done.error());
      });
}

}  // namespace rapport::engine
