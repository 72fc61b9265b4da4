#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

/// What codes of payment gateways and card networks mean to who wants to pay, and the way out: one table.
namespace rapport::model {

/// Why a payment was refused, as far as she can do something about it.
enum class PaymentCause : std::uint8_t {
  insufficient_balance,
  card_limit,
  card_expired,
  wrong_details,
  verification,
  declined,
  blocked_card,
  risk_control,
  not_supported,
  network,
  user_cancelled,
  already_paid,
  order_closed,
  unknown
};
inline constexpr std::size_t kPaymentCauses = 14;

/// A text in the shop's three languages.
struct PaymentText {
  std::string_view zh_hans, zh_hant, en;
};

struct PaymentCauseSpec {
  PaymentCause cause = PaymentCause::unknown;
  std::string_view name;  ///< as answers call it
  PaymentText why, what;  ///< what happened, and what she can do
  bool again = false;     ///< the same method may work at once
  bool switch_method = true;
};

/// `source` "" = whoever says it. Codes are compared without regard to case.
struct PaymentCode {
  std::string_view source;  ///< who says it: alipay, wechat_pay, unionpay, card (ISO 8583), stripe, paypal
  std::string_view code;
  PaymentCause cause = PaymentCause::unknown;
};

std::span<const PaymentCauseSpec> payment_causes();
std::span<const PaymentCode> payment_codes();
const PaymentCauseSpec& payment_cause(PaymentCause cause);
/// The cause of a code by that method; one that nobody knows is `unknown`, never a guess.
PaymentCause cause_of_payment_code(std::string_view method, std::string_view code);
/// Methods of the storefront that may take what `method` did not, the likeliest first: never the one that
/// failed; none where paying again would be wrong.
std::vector<std::string_view> ways_out(PaymentCause cause, std::string_view method);

}  // namespace rapport::model
