#include "model/payment_failures.h"

#include <algorithm>
#include <array>

// Codes as their publishers document them: ISO 8583 response codes (field 39, as UnionPay, Visa and
// Mastercard use them), Alipay's trade errors (ACQ.*), WeChat Pay's API v3 errors, Stripe's decline codes,
// PayPal's issues.
namespace rapport::model {
namespace {

using enum PaymentCause;

constexpr PaymentCauseSpec kCauses[] = {
    {insufficient_balance,
     "insufficient_balance",
     {"余额或可用额度不足。", "餘額或可用額度不足。", "There is not enough money on the account or card."},
     {"换一种付款方式，或充值后再试。", "換一種付款方式，或儲值後再試。",
      "Pay another way, or top up and try again."}},
    {card_limit,
     "card_limit",
     {"超过了这种方式的单笔或当日限额。", "超過了這種方式的單筆或當日限額。",
      "It is over this method's limit for one payment or one day."},
     {"换用信用卡或其他方式，或在银行调高限额后再试。", "換用信用卡或其他方式，或在銀行調高限額後再試。",
      "Use a credit card or another method, or have your bank raise the limit."}},
    {card_expired,
     "card_expired",
     {"银行卡已过有效期。", "銀行卡已過有效期。", "The card has expired."},
     {"换一张卡，或换一种付款方式。", "換一張卡，或換一種付款方式。", "Use another card or another method."}},
    {wrong_details,
     "wrong_details",
     {"卡号、有效期、安全码或密码有误。", "卡號、有效期、安全碼或密碼有誤。",
      "Number, expiry date, security code or PIN was wrong."},
     {"核对后再试，或换一种付款方式。", "核對後再試，或換一種付款方式。",
      "Check them and try again, or pay another way."},
     true},
    {verification,
     "verification",
     {"付款没有通过身份验证。", "付款沒有通過身分驗證。",
      "The payment was not confirmed to your bank or wallet."},
     {"再试一次并完成验证，或换用免密支付等方式。", "再試一次並完成驗證，或換用免密支付等方式。",
      "Try again and confirm it, or use a method that needs no confirmation."},
     true},
    {declined,
     "declined",
     {"银行拒绝了这笔付款，没有说明原因。", "銀行拒絕了這筆付款，沒有說明原因。",
      "The bank refused the payment and did not say why."},
     {"换一种付款方式；原因只有发卡行知道。", "換一種付款方式；原因只有發卡行知道。",
      "Pay another way; only your bank knows the reason."}},
    {blocked_card,
     "blocked_card",
     {"这张卡或账户已被冻结、挂失或停用。", "這張卡或帳戶已被凍結、掛失或停用。",
      "The card or account is blocked, lost or closed."},
     {"换一种付款方式，并联系发卡行。", "換一種付款方式，並聯絡發卡行。",
      "Pay another way, and call your bank."}},
    {risk_control,
     "risk_control",
     {"支付机构为安全起见拦下了这笔付款。", "支付機構為安全起見攔下了這筆付款。",
      "The payment service held it back for safety."},
     {"换一种付款方式；同一方式连续再试多半仍会被拦下。", "換一種付款方式；同一方式連續再試多半仍會被攔下。",
      "Pay another way; the same one will most likely be held back again."}},
    {not_supported,
     "not_supported",
     {"这种卡或账户不能用于这笔付款。", "這種卡或帳戶不能用於這筆付款。",
      "This kind of card or account cannot be used for this payment."},
     {"换一种付款方式。", "換一種付款方式。", "Pay another way."}},
    {network,
     "network",
     {"支付机构暂时没有回应，没有扣款结果。", "支付機構暫時沒有回應，沒有扣款結果。",
      "The payment service did not answer in time."},
     {"先看看账单是否已扣款；没有的话再试一次，或换一种方式。",
      "先看看帳單是否已扣款；沒有的話再試一次，或換一種方式。",
      "See first whether you were charged; if not, try again or pay another way."},
     true},
    {user_cancelled,
     "user_cancelled",
     {"付款被取消了，没有扣款。", "付款被取消了，沒有扣款。",
      "The payment was cancelled; you were not charged."},
     {"需要的话再付一次，或换一种方式。", "需要的話再付一次，或換一種方式。",
      "Pay again if you like, or another way."},
     true},
    {already_paid,
     "already_paid",
     {"这个订单已经付过款了。", "這個訂單已經付過款了。", "This order has been paid already."},
     {"不用再付；请到我的订单里查看。", "不用再付；請到我的訂單裡查看。",
      "Do not pay again; look at your orders."},
     false,
     false},
    {order_closed,
     "order_closed",
     {"这笔交易已经关闭。", "這筆交易已經關閉。", "This transaction has been closed."},
     {"重新下单即可，没有扣款。", "重新下單即可，沒有扣款。", "Order again; you were not charged."},
     false,
     false},
    {unknown,
     "unknown",
     {"付款没有成功，返回的代码我们不认识。", "付款沒有成功，回傳的代碼我們不認識。",
      "The payment did not go through, with a code that we do not know."},
     {"换一种付款方式，或把代码告诉客服。", "換一種付款方式，或把代碼告訴客服。",
      "Pay another way, or tell our service the code."}},
};
static_assert(std::size(kCauses) == kPaymentCauses);

constexpr PaymentCode kCodes[] = {
    // The words of this product's own events.
    {"", "insufficient_balance", insufficient_balance},
    {"", "card_limit", card_limit},
    {"", "network", network},
    {"", "risk_control", risk_control},
    // ISO 8583, field 39.
    {"card", "01", declined},
    {"card", "03", not_supported},
    {"card", "04", blocked_card},
    {"card", "05", declined},
    {"card", "07", blocked_card},
    {"card", "12", not_supported},
    {"card", "13", not_supported},
    {"card", "14", wrong_details},
    {"card", "15", wrong_details},
    {"card", "33", card_expired},
    {"card", "34", risk_control},
    {"card", "36", blocked_card},
    {"card", "38", wrong_details},
    {"card", "41", blocked_card},
    {"card", "43", blocked_card},
    {"card", "51", insufficient_balance},
    {"card", "54", card_expired},
    {"card", "55", wrong_details},
    {"card", "57", not_supported},
    {"card", "58", not_supported},
    {"card", "59", risk_control},
    {"card", "61", card_limit},
    {"card", "62", blocked_card},
    {"card", "63", risk_control},
    {"card", "65", card_limit},
    {"card", "68", network},
    {"card", "75", blocked_card},
    {"card", "78", blocked_card},
    {"card", "82", wrong_details},
    {"card", "91", network},
    {"card", "92", network},
    {"card", "94", already_paid},
    {"card", "96", network},
    {"card", "98", network},
    {"card", "1A", verification},
    {"card", "N7", wrong_details},
    // Alipay.
    {"alipay", "ACQ.BUYER_BALANCE_NOT_ENOUGH", insufficient_balance},
    {"alipay", "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH", insufficient_balance},
    {"alipay", "ACQ.ERROR_BALANCE_PAYMENT_DISABLE", not_supported},
    {"alipay", "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", card_limit},
    {"alipay", "ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR", card_limit},
    {"alipay", "ACQ.BEYOND_PAY_RESTRICTION", card_limit},
    {"alipay", "ACQ.BEYOND_PER_RECEIPT_RESTRICTION", card_limit},
    {"alipay", "ACQ.TOTAL_FEE_EXCEED", card_limit},
    {"alipay", "ACQ.PULL_MOBILE_CASHIER_FAIL", network},
    {"alipay", "ACQ.SYSTEM_ERROR", network},
    {"alipay", "ACQ.PAYMENT_FAIL", declined},
    {"alipay", "ACQ.PAYMENT_REQUEST_HAS_RISK", risk_control},
    {"alipay", "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", not_supported},
    {"alipay", "ACQ.BUYER_ENABLE_STATUS_FORBID", blocked_card},
    {"alipay", "ACQ.PAYMENT_AUTH_CODE_INVALID", wrong_details},
    {"alipay", "ACQ.TRADE_HAS_SUCCESS", already_paid},
    {"alipay", "ACQ.TRADE_HAS_CLOSE", order_closed},
    {"alipay", "4000", declined},
    {"alipay", "6001", user_cancelled},
    {"alipay", "6002", network},
    {"alipay", "8000", network},
    // WeChat Pay.
    {"wechat_pay", "NOTENOUGH", insufficient_balance},
    {"wechat_pay", "NOT_ENOUGH", insufficient_balance},
    {"wechat_pay", "NOTSUPORTCARD", not_supported},
    {"wechat_pay", "NOTSUPPORTCARD", not_supported},
    {"wechat_pay", "USERPAYING", verification},
    {"wechat_pay", "SYSTEMERROR", network},
    {"wechat_pay", "SYSTEM_ERROR", network},
    {"wechat_pay", "BANKERROR", network},
    {"wechat_pay", "BANK_ERROR", network},
    {"wechat_pay", "FREQUENCY_LIMITED", network},
    {"wechat_pay", "RULE_LIMIT", card_limit},
    {"wechat_pay", "RULELIMIT", card_limit},
    {"wechat_pay", "TRADE_ERROR", declined},
    {"wechat_pay", "AUTHCODEEXPIRE", wrong_details},
    {"wechat_pay", "AUTH_CODE_ERROR", wrong_details},
    {"wechat_pay", "ACCOUNT_ERROR", blocked_card},
    {"wechat_pay", "ORDERPAID", already_paid},
    {"wechat_pay", "ORDERCLOSED", order_closed},
    {"wechat_pay", "ORDER_CLOSED", order_closed},
    {"wechat_pay", "ORDERREVERSED", order_closed},
    // Stripe's decline codes.
    {"stripe", "insufficient_funds", insufficient_balance},
    {"stripe", "card_velocity_exceeded", card_limit},
    {"stripe", "withdrawal_count_limit_exceeded", card_limit},
    {"stripe", "expired_card", card_expired},
    {"stripe", "incorrect_number", wrong_details},
    {"stripe", "incorrect_cvc", wrong_details},
    {"stripe", "incorrect_pin", wrong_details},
    {"stripe", "incorrect_zip", wrong_details},
    {"stripe", "invalid_number", wrong_details},
    {"stripe", "invalid_cvc", wrong_details},
    {"stripe", "invalid_expiry_year", wrong_details},
    {"stripe", "invalid_expiry_month", wrong_details},
    {"stripe", "authentication_required", verification},
    {"stripe", "approve_with_id", verification},
    {"stripe", "generic_decline", declined},
    {"stripe", "do_not_honor", declined},
    {"stripe", "call_issuer", declined},
    {"stripe", "lost_card", blocked_card},
    {"stripe", "stolen_card", blocked_card},
    {"stripe", "pickup_card", blocked_card},
    {"stripe", "restricted_card", blocked_card},
    {"stripe", "fraudulent", risk_control},
    {"stripe", "security_violation", risk_control},
    {"stripe", "card_not_supported", not_supported},
    {"stripe", "currency_not_supported", not_supported},
    {"stripe", "processing_error", network},
    {"stripe", "try_again_later", network},
    {"stripe", "issuer_not_available", network},
    {"stripe", "duplicate_transaction", already_paid},
    // PayPal.
    {"paypal", "INSTRUMENT_DECLINED", declined},
    {"paypal", "TRANSACTION_REFUSED", declined},
    {"paypal", "PAYER_ACCOUNT_RESTRICTED", blocked_card},
    {"paypal", "PAYER_ACCOUNT_LOCKED_OR_CLOSED", blocked_card},
    {"paypal", "PAYER_CANNOT_PAY", not_supported},
    {"paypal", "TRANSACTION_LIMIT_EXCEEDED", card_limit},
    {"paypal", "PAYER_ACTION_REQUIRED", verification},
    {"paypal", "COMPLIANCE_VIOLATION", risk_control},
    {"paypal", "ORDER_ALREADY_CAPTURED", already_paid},
    {"paypal", "ORDER_EXPIRED", order_closed},
};

/// Methods of the storefront and the source whose codes they bring.
constexpr std::pair<std::string_view, std::string_view> kSources[] = {
    {"alipay", "alipay"},   {"wechat_pay", "wechat_pay"}, {"unionpay", "card"}, {"credit_card", "card"},
    {"debit_card", "card"}, {"stripe", "stripe"},         {"paypal", "paypal"}, {"card", "card"}};

bool alike(std::string_view a, std::string_view b) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return upper(x) == upper(y); });
}

/// In this order; a list begins where the failed method is not among the rest.
constexpr std::array<std::string_view, 6> kMethods = {"credit_card", "alipay",       "wechat_pay",
                                                      "unionpay",    "digital_yuan", "business_transfer"};

}  // namespace

std::span<const PaymentCauseSpec> payment_causes() {
  return kCauses;
}

std::span<const PaymentCode> payment_codes() {
  return kCodes;
}

const PaymentCauseSpec& payment_cause(PaymentCause cause) {
  return kCauses[static_cast<std::size_t>(cause)];
}

PaymentCause cause_of_payment_code(std::string_view method, std::string_view code) {
  const auto source = std::find_if(std::begin(kSources), std::end(kSources),
                                   [&](const auto& known) { return known.first == method; });
  for (const PaymentCode& known : kCodes) {
    if (!alike(known.code, code)) continue;
    if (known.source.empty() || (source != std::end(kSources) && known.source == source->second))
      return known.cause;
  }
  return unknown;
}

std::vector<std::string_view> ways_out(PaymentCause cause, std::string_view method) {
  std::vector<std::string_view> ways;
  if (!payment_cause(cause).switch_method) return ways;
  const bool card = method == "unionpay" || method == "credit_card" || method == "debit_card";
  for (const std::string_view way : kMethods) {
    if (way == method) continue;
    // What is wrong with a person's cards is not cured by another of them.
    if (card && cause == verification && (way == "unionpay" || way == "credit_card")) continue;
    // A small wallet's limit is no help against a larger limit.
    if (cause == card_limit && way == "digital_yuan") continue;
    ways.push_back(way);
  }
  return ways;
}

}  // namespace rapport::model
