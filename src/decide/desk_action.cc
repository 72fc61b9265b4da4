#include "decide/desk_action.h"

#include <fmt/format.h>

#include <algorithm>

#include "text/normalise.h"

namespace rapport::decide {
namespace {

Result<DeskVerdict> judge_refund(const DeskPolicy& policy, const DeskRequest& request,
                                 const DeskFacts& facts) {
  const auto money = [&](std::int64_t minor) {
    return fmt::format("{} {}", format_minor(minor, facts.order_currency), facts.order_currency.text());
  };
  if (facts.placed == Instant::min())
    return Error{Errc::not_found, "no such order", "order_id", "an order of this customer's"};
  if (facts.order_currency != policy.currency)
    return Error{Errc::refused,
                 fmt::format("the order is in {}, the policy's limits are in {}", facts.order_currency.text(),
                             policy.currency.text()),
                 "order_id", "a refund by the shop's own accounts"};
  if (facts.now - facts.placed > days(policy.refund_days))
    return Error{Errc::refused, fmt::format("the order is older than {} days", policy.refund_days),
                 "order_id", "a newer order, or another policy"};
  DeskVerdict verdict;
  verdict.before = facts.total - facts.refunded;
  const std::int64_t left = verdict.before - facts.waiting;
  if (left <= 0)
    return Error{Errc::refused,
                 facts.waiting > 0 ? "what is left of the order waits for a second person already"
                                   : "nothing is left of the order to be paid back",
                 "amount", fmt::format("{} of {} were paid back", money(facts.refunded), money(facts.total))};
  verdict.amount = request.amount.value_or(left);
  if (verdict.amount <= 0) return Error{Errc::bad_input, "nothing to pay back", "amount", "more than 0"};
  if (verdict.amount > left)
    return Error{Errc::refused, fmt::format("{} is more than is left of the order", money(verdict.amount)),
                 "amount", fmt::format("at most {}", money(left))};
  verdict.after = verdict.before - verdict.amount;
  return verdict;
}

Result<DeskVerdict> judge_coupon(const DeskPolicy& policy, const DeskRequest& request,
                                 const DeskFacts& facts) {
  const auto money = [&](std::int64_t minor) {
    return fmt::format("{} {}", format_minor(minor, policy.currency), policy.currency.text());
  };
  DeskVerdict verdict;
  verdict.amount = request.amount.value_or(0);
  if (verdict.amount <= 0) return Error{Errc::bad_input, "a coupon of no worth", "amount", "more than 0"};
  const auto over = [&](std::int64_t had, std::int64_t most, std::string_view whose) -> Status {
    if (had + verdict.amount <= most) return {};
    return Error{Errc::refused,
                 fmt::format("coupons of {} in 30 days would come to {}", whose, money(had + verdict.amount)),
                 "amount", fmt::format("at most {}", money(std::max<std::int64_t>(most - had, 0)))};
  };
  RAPPORT_CHECK(over(facts.customer_month, policy.coupons_customer_month, "this customer"));
  RAPPORT_CHECK(over(facts.agent_month, policy.coupons_agent_month, "this agent"));
  verdict.before = facts.customer_month;
  verdict.after = facts.customer_month + verdict.amount;
  return verdict;
}

}  // namespace

std::optional<DeskActionKind> desk_action_from_name(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kDeskActionNames); ++i) {
    if (kDeskActionNames[i] == name) return static_cast<DeskActionKind>(i);
  }
  return std::nullopt;
}

const DeskLimit* DeskPolicy::limit(std::string_view role, DeskActionKind action) const {
  const auto found = std::find_if(limits.begin(), limits.end(), [&](const DeskLimit& each) {
    return each.role == role && each.action == action;
  });
  return found == limits.end() ? nullptr : &*found;
}

bool DeskPolicy::approves(std::string_view role) const {
  return std::find(approvers.begin(), approvers.end(), role) != approvers.end();
}

Result<DeskVerdict> judge_appointment(std::int32_t book_days, Instant for_time, const DeskFacts& facts) {
  if (!facts.service_known)
    return Error{Errc::not_found, "no such service", "service_id", "a published service"};
  if (for_time <= facts.now || for_time > facts.now + days(book_days))
    return Error{Errc::refused, "no time for an appointment", "for",
                 fmt::format("later than now, within {} days", book_days)};
  if (!facts.open_then)
    return Error{Errc::refused, "the service is not to be had then", "for", "a time in its calendar"};
  if (facts.capacity && facts.booked_then >= *facts.capacity)
    return Error{Errc::refused,
                 fmt::format("{} are booked for that time, as many as there is room for", facts.booked_then),
                 "for", "another time"};
  DeskVerdict verdict;
  verdict.before = facts.booked_then;
  verdict.after = facts.booked_then + 1;
  return verdict;
}

Result<DeskVerdict> judge(const DeskPolicy& policy, const DeskActor& actor, const DeskRequest& request,
                          const DeskFacts& facts) {
  const DeskLimit* limit = policy.limit(actor.role, request.action);
  if (limit == nullptr)
    return Error{Errc::forbidden,
                 fmt::format("the role {} may not do this: {}", actor.role, desk_action_name(request.action)),
                 "action", "a role that the desk's policy names for it"};
  if (request.action == DeskActionKind::appointment)
    return judge_appointment(policy.book_days, request.for_time, facts);
  RAPPORT_TRY(DeskVerdict verdict, request.action == DeskActionKind::refund
                                       ? judge_refund(policy, request, facts)
                                       : judge_coupon(policy, request, facts));
  const auto money = [&](std::int64_t minor) {
    return fmt::format("{} {}", format_minor(minor, policy.currency), policy.currency.text());
  };
  if (verdict.amount > limit->most)
    return Error{
        Errc::refused, fmt::format("{} is more than the role {} may", money(verdict.amount), actor.role),
        "amount",
        fmt::format("at most {}, with a second person above {}", money(limit->most), money(limit->alone))};
  const std::int64_t before = request.action == DeskActionKind::refund ? facts.refunded : 0;
  if (verdict.amount > limit->alone - std::min(before, limit->alone)) {
    verdict.second_person = true;
    verdict.why = fmt::format("above {}{} a second person lets it through", money(limit->alone),
                              before > 0 ? " of one order" : "");
  }
  return verdict;
}

Status may_pay_return(const DeskPolicy& policy, const DeskActor& actor, std::int64_t amount,
                      std::int64_t paid_before, Currency currency) {
  if (policy.approves(actor.role)) return {};
  const DeskLimit* limit = policy.limit(actor.role, DeskActionKind::refund);
  const std::string approvers =
      fmt::format("somebody whose role lets through: {}", fmt::join(policy.approvers, ", "));
  if (limit == nullptr)
    return Error{Errc::forbidden, fmt::format("the role {} pays nothing back", actor.role), "amount",
                 approvers};
  if (currency != policy.currency)
    return Error{Errc::forbidden,
                 fmt::format("the order is in {}, what the role {} may pay back alone is in {}",
                             currency.text(), actor.role, policy.currency.text()),
                 "amount", approvers};
  if (amount <= limit->alone - std::min(paid_before, limit->alone)) return {};
  return Error{Errc::forbidden,
               fmt::format("above {} {} of one order the role {} pays nothing back alone",
                           format_minor(limit->alone, policy.currency), policy.currency.text(), actor.role),
               "amount", approvers};
}

namespace {

/// Without blanks and what is not seen, in one case and one width.
std::string folded_name(std::string_view name) {
  std::string out;
  const std::string form = text::comparison_form(name);
  for (std::size_t i = 0; i < form.size(); ++i) {
    const std::string_view two = std::string_view(form).substr(i, 2),
                           three = std::string_view(form).substr(i, 3);
    // U+00AD; U+200B..U+200F, U+2028..U+202F, U+205F..U+206F; U+FEFF.
    const bool unseen = (three >= "\xe2\x80\x8b" && three <= "\xe2\x80\xaf") ||
                        (three >= "\xe2\x81\x9f" && three <= "\xe2\x81\xaf") || three == "\xef\xbb\xbf";
    if (unseen) {
      i += 2;
    } else if (two == "\xc2\xad") {
      i += 1;
    } else if (static_cast<unsigned char>(form[i]) > ' ') {
      out += form[i];
    }
  }
  return out;
}

}  // namespace

bool is_same_person(std::string_view a, std::string_view b) {
  return folded_name(a) == folded_name(b);
}

Status may_approve(const DeskPolicy& policy, const DeskActor& approver, std::string_view asked_by,
                   DeskActionKind action, std::int64_t amount) {
  if (!policy.approves(approver.role))
    return Error{Errc::forbidden, fmt::format("the role {} lets nothing through", approver.role), "role",
                 fmt::format("one of: {}", fmt::join(policy.approvers, ", "))};
  if (is_same_person(approver.name, asked_by))
    return Error{Errc::forbidden, "who asked for it does not let it through", "agent", "a second person"};
  const DeskLimit* limit = policy.limit(approver.role, action);
  if (limit == nullptr || amount > limit->most)
    return Error{Errc::forbidden, fmt::format("it is more than the role {} may", approver.role), "amount",
                 "a role with a greater limit"};
  return {};
}

}  // namespace rapport::decide
