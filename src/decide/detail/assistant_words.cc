#include "decide/detail/assistant_words.h"

#include <algorithm>

#include "base/assert.h"
#include "decide/assistant.h"

namespace rapport::decide {
namespace {

struct Line {
  std::string_view key, hans, hant, en;
};

constexpr Line kSentences[] = {
    {"greeting", "您好，我是店里的智能助手。查订单、退货、问商品，都可以直接说。",
     "您好，我是店裡的智慧助理。查訂單、退貨、問商品，都可以直接說。",
     "Hello, I am the shop’s assistant. Ask about an order, a return or a product."},
    {"thanks", "不客气，有需要随时找我。", "不客氣，有需要隨時找我。",
     "You are welcome. I am here if you need anything."},
    {"dropped", "好的，那就不办了。还有别的需要吗？", "好的，那就不辦了。還有別的需要嗎？",
     "All right, nothing was changed. Anything else?"},
    {"no_orders", "我在这里查不到属于您的订单。如果是用别的设备或账号下的单，请转人工核实身份。",
     "我在這裡查不到屬於您的訂單。如果是用別的裝置或帳號下的單，請轉人工核實身分。",
     "I cannot see an order of yours here. If you ordered on another device or account, a person can check "
     "who you are."},
    {"not_yours", "您名下查不到订单 {0}。请核对单号，或者转人工处理。",
     "您名下查不到訂單 {0}。請核對單號，或者轉人工處理。",
     "I cannot find order {0} among yours. Please check the number, or let a person look."},
    {"order_line", "订单 {0}：{1}", "訂單 {0}：{1}", "Order {0}: {1}"},
    {"order_at", "{0}（{1}）", "{0}（{1}）", "{0} ({1})"},
    {"order_promise", "，承诺 {0} 前送达", "，承諾 {0} 前送達", ", promised by {0}"},
    {"order_broken", "，已超过承诺的 {0}，很抱歉", "，已超過承諾的 {0}，很抱歉",
     ", later than the promised {0}; we are sorry"},
    {"ask_order", "请问是哪一个订单？", "請問是哪一個訂單？", "Which order is it?"},
    {"ask_reason", "订单 {0}，想退的原因是什么？", "訂單 {0}，想退的原因是什麼？",
     "Order {0}: why would you like to return it?"},
    {"confirm_return", "为您提交退货申请：订单 {0}，原因：{1}。确认吗？",
     "為您提交退貨申請：訂單 {0}，原因：{1}。確認嗎？",
     "I will request a return of order {0}, reason: {1}. Shall I?"},
    {"do_return", "退货申请已提交，单号 {0}。审核结果会在“我的订单”里看到。",
     "退貨申請已提交，單號 {0}。審核結果會在「我的訂單」裡看到。",
     "The return is requested, number {0}. You will see the decision under your orders."},
    {"refuse_return", "订单 {0} 目前是“{1}”，现在不能申请退货。",
     "訂單 {0} 目前是「{1}」，現在不能申請退貨。",
     "Order {0} is “{1}”, so a return cannot be requested now."},
    {"confirm_cancel", "要取消订单 {0}（{1}）吗？取消后不能恢复。",
     "要取消訂單 {0}（{1}）嗎？取消後不能恢復。", "Cancel order {0} ({1})? This cannot be undone."},
    {"do_cancel", "订单 {0} 已取消。", "訂單 {0} 已取消。", "Order {0} is cancelled."},
    {"refuse_cancel", "订单 {0} 目前是“{1}”，已经不能取消了。收到后可以申请退货，也可以转人工。",
     "訂單 {0} 目前是「{1}」，已經不能取消了。收到後可以申請退貨，也可以轉人工。",
     "Order {0} is “{1}” and can no longer be cancelled. You may return it once it is there, or talk to a "
     "person."},
    {"ask_address", "订单 {0} 的新地址是什么？请写完整，包括收件人和电话（如有变化）。",
     "訂單 {0} 的新地址是什麼？請寫完整，包括收件人和電話（如有變化）。",
     "What is the new address for order {0}? Please write all of it, with name and phone if they change."},
    {"confirm_address", "把订单 {0} 的地址改为：{1}。确认吗？由同事来改，改好会告诉您。",
     "把訂單 {0} 的地址改為：{1}。確認嗎？由同事來改，改好會告訴您。",
     "Change the address of order {0} to: {1}. Is that right? A colleague makes the change and tells you."},
    {"do_address", "已转给同事修改，改好后会在这里告诉您。", "已轉給同事修改，改好後會在這裡告訴您。",
     "It is with a colleague now; you will be told here once it is done."},
    {"refuse_address", "订单 {0} 目前是“{1}”，地址已经不能改了。要转人工看看能否拦截吗？",
     "訂單 {0} 目前是「{1}」，地址已經不能改了。要轉人工看看能否攔截嗎？",
     "Order {0} is “{1}”; the address can no longer be changed. Shall a person try to redirect it?"},
    {"return_line", "退货 {0}（订单 {1}）：{2}，{3} 起。", "退貨 {0}（訂單 {1}）：{2}，{3} 起。",
     "Return {0} (order {1}): {2} since {3}."},
    {"no_returns", "您名下目前没有退货记录。", "您名下目前沒有退貨紀錄。",
     "There is no return of yours here."},
    {"service_line", "{0}：{1}，{2} 起。", "{0}：{1}，{2} 起。", "{0}: {1} since {2}."},
    {"fact", "{0} 的{1}是 {2}。", "{0} 的{1}是 {2}。", "{0}: {1} {2}."},
    {"price", "{0} 的价格是 {1} {2}。", "{0} 的價格是 {1} {2}。", "{0} costs {1} {2}."},
    {"in_stock", "{0} 有货，目前 {1} 件。", "{0} 有貨，目前 {1} 件。", "{0} is in stock: {1} pieces."},
    {"sold_out", "{0} 目前没有货。", "{0} 目前沒有貨。", "{0} is out of stock."},
    {"ask_product", "请问是哪一款商品？说一下名称就行。", "請問是哪一款商品？說一下名稱就行。",
     "Which product is it? Its name is enough."},
    {"offer_person", "这个我没有把握，不想随便回答。要转给同事吗？",
     "這個我沒有把握，不想隨便回答。要轉給同事嗎？",
     "I am not sure about this and would rather not guess. Shall I pass you to a colleague?"},
    {"hand_over", "已转给同事，前面说过的都在，不用再讲一遍。回复会出现在这里。",
     "已轉給同事，前面說過的都在，不用再講一遍。回覆會出現在這裡。",
     "A colleague takes over and sees all that was said; no need to repeat it. The answer comes here."},
    {"handed_again", "同事已经收到，会在这里回复您。您补充的内容也会一并看到。",
     "同事已經收到，會在這裡回覆您。您補充的內容也會一併看到。",
     "A colleague has it and will answer here, and sees what you add."},
    {"coupon_value", "（{0} {1}）", "（{0} {1}）", " ({0} {1})"},
    {"coupon_until", "，有效期至 {0}", "，有效期至 {0}", ", valid until {0}"},
    {"coupon_minimum", "，订单满 {0} {1} 可用", "，訂單滿 {0} {1} 可用", ", for orders of {0} {1} or more"},
    {"not_it", "抱歉没答到点上。您可以换个说法再问，或者转人工。",
     "抱歉沒答到點上。您可以換個說法再問，或者轉人工。",
     "Sorry, that was not what you meant. Please put it another way, or talk to a person."},
    {"no_coupons", "我在这里没有查到您可用的优惠券。如果券在别的账号里，请转人工核实身份。",
     "我在這裡沒有查到您可用的優惠券。如果券在別的帳號裡，請轉人工核實身分。",
     "I cannot see a coupon of yours here. If you have one on another account, a person can check who you "
     "are."},
    {"appointment_line", "{0}：已约 {1}", "{0}：已約 {1}", "{0}: booked for {1}"},
    {"no_appointments", "我在这里没有查到您的预约。", "我在這裡沒有查到您的預約。",
     "I cannot see an appointment of yours here."},
    {"ask_service", "想预约哪一项服务？", "想預約哪一項服務？", "Which service would you like to book?"},
    {"ask_what_for", "这个时间是想约哪一项？", "這個時間是想約哪一項？", "What is that time for?"},
    {"what_else", "好的。请问需要办什么？", "好的。請問需要辦什麼？", "All right. What can I do for you?"},
    {"when_skipped", "{0}：那天时钟要拨快，没有这个钟点，最近可约的是：",
     "{0}：那天時鐘要撥快，沒有這個鐘點，最近可約的是：",
     "{0}: the clocks go forward that day and skip this time. The nearest times are:"},
    {"ask_held", "是哪一个预约？", "是哪一個預約？", "Which appointment is it?"},
    {"ask_when", "{0}，想约在哪天、几点？", "{0}，想約在哪天、幾點？",
     "{0}: which day and time would suit you?"},
    {"ask_day", "{0}，想约在哪一天？", "{0}，想約在哪一天？", "{0}: on which day?"},
    {"ask_hour", "{0}，那天几点方便？", "{0}，那天幾點方便？", "{0}: at what time that day?"},
    {"ask_which_day", "{0}，您说的是哪一天？", "{0}，您說的是哪一天？",
     "{0}: which of these days do you mean?"},
    {"ask_which", "{0}，您说的是哪一个时间？", "{0}，您說的是哪一個時間？",
     "{0}: which of these times do you mean?"},
    {"when_past", "{0}：这个时间已经过去了，请换一个。", "{0}：這個時間已經過去了，請換一個。",
     "{0}: that time is over; please choose another."},
    {"when_none", "{0}：没有这样的日期或时间，请再说一次。", "{0}：沒有這樣的日期或時間，請再說一次。",
     "{0}: there is no such day or time; please say it again."},
    {"when_far", "{0}：还不能约那么远的时间，请换一个近些的。", "{0}：還不能約那麼遠的時間，請換一個近些的。",
     "{0}: that is too far ahead to be booked; please choose a nearer time."},
    {"when_closed", "{0}：那个时间不提供服务，最近可约的是：", "{0}：那個時間不提供服務，最近可約的是：",
     "{0} is not to be had at that time. The nearest times are:"},
    {"when_full", "{0}：那个时间已经约满，最近可约的是：", "{0}：那個時間已經約滿，最近可約的是：",
     "{0} is fully booked at that time. The nearest times are:"},
    {"when_no_room", "{0}：那天没有可约的时间了，最近可约的是：", "{0}：那天沒有可約的時間了，最近可約的是：",
     "{0} has no time left on that day. The nearest times are:"},
    {"confirm_booking", "为您预约：{0}，{1}。确认吗？", "為您預約：{0}，{1}。確認嗎？",
     "I will book {0} for {1}. Shall I?"},
    {"confirm_move_booking", "把{0}从 {1} 改到 {2}。确认吗？", "把{0}從 {1} 改到 {2}。確認嗎？",
     "I will move {0} from {1} to {2}. Shall I?"},
    {"confirm_cancel_booking", "取消{0}在 {1} 的预约。确认吗？", "取消{0}在 {1} 的預約。確認嗎？",
     "I will cancel {0} on {1}. Shall I?"},
    {"do_book", "已约好：{0}，{1}。", "已約好：{0}，{1}。", "It is booked: {0}, {1}."},
    {"do_move_booking", "已改约：{0}，{1}。", "已改約：{0}，{1}。", "It is moved: {0}, now {1}."},
    {"do_cancel_booking", "{0}在 {1} 的预约已取消。", "{0}在 {1} 的預約已取消。",
     "Your appointment is cancelled: {0}, {1}."},
    {"choice_book", "我要预约", "我要預約", "I would like to book an appointment"},
    {"choice_move", "改约", "改約", "Reschedule my appointment"},
    {"choice_cancel_booking", "取消预约", "取消預約", "Cancel my appointment"},
    {"sorry", "很抱歉让您有不好的体验。", "很抱歉讓您有不好的體驗。", "I am sorry about this."},
    {"resume", "接着刚才的：", "接著剛才的：", "Back to where we were: "},
    {"yes", "确认", "確認", "Yes"},
    {"no", "算了", "算了", "No"},
    {"person", "转人工", "轉人工", "Talk to a person"},
    {"choice_order", "订单 {0}", "訂單 {0}", "Order {0}"},
    {"choice_orders", "我的订单到哪了", "我的訂單到哪了", "Where is my order?"},
    {"choice_return", "我想退货", "我想退貨", "I want to return something"},
    {"choice_cancel", "取消订单 {0}", "取消訂單 {0}", "Cancel order {0}"}};

constexpr Line kWords[] = {{"placed", "已下单", "已下單", "placed"},
                           {"packing", "打包中", "打包中", "being packed"},
                           {"picked_up", "快递已揽收", "快遞已攬收", "picked up by the courier"},
                           {"in_transit", "运输中", "運送中", "in transit"},
                           {"out_for_delivery", "派送中", "派送中", "out for delivery"},
                           {"signed", "已签收", "已簽收", "delivered"},
                           {"exception", "配送异常", "配送異常", "delivery problem"},
                           {"cancelled", "已取消", "已取消", "cancelled"},
                           {"refunded", "已退款", "已退款", "refunded"},
                           {"under_review", "审核中", "審核中", "under review"},
                           {"approved", "已同意", "已同意", "approved"},
                           {"rejected", "未通过", "未通過", "rejected"},
                           {"pickup_booked", "已约上门取件", "已約上門取件", "pick-up booked"},
                           {"inspected", "已验收", "已驗收", "inspected"},
                           {"refunding", "退款中", "退款中", "refund under way"},
                           {"closed", "已完结", "已結案", "closed"},
                           {"size", "尺寸不合适", "尺寸不合適", "the size"},
                           {"damaged", "收到时破损", "收到時破損", "arrived damaged"},
                           {"defective", "质量问题", "品質問題", "it is defective"},
                           {"wrong_item", "发错商品", "寄錯商品", "wrong item"},
                           {"not_as_described", "与描述不符", "與描述不符", "not as described"},
                           {"changed_mind", "不想要了", "不想要了", "changed my mind"},
                           {"late", "送得太晚", "送得太晚", "came too late"},
                           {"other", "其他", "其他", "another reason"},
                           {"offered", "可购买", "可購買", "offered"},
                           {"known", "已了解", "已了解", "known"},
                           {"bought", "已购买", "已購買", "bought"},
                           {"entitled", "已享有", "已享有", "included for you"},
                           {"booked", "已预约", "已預約", "booked"},
                           {"delivered", "已完成", "已完成", "done"},
                           {"used", "已使用", "已使用", "used"},
                           {"rated", "已评价", "已評價", "rated"},
                           {"renewed", "已续期", "已續期", "renewed"},
                           {"lapsed", "已到期", "已到期", "lapsed"}};

template <std::size_t N>
std::string_view find(const Line (&lines)[N], std::string_view key, Tongue tongue) {
  const auto at =
      std::find_if(std::begin(lines), std::end(lines), [&](const Line& one) { return one.key == key; });
  if (at == std::end(lines)) return {};
  return tongue == Tongue::english ? at->en : tongue == Tongue::traditional ? at->hant : at->hans;
}

}  // namespace

std::string_view sentence(std::string_view key, Tongue tongue) {
  const std::string_view found = find(kSentences, key, tongue);
  ASSERT(!found.empty());
  return found;
}

std::string filled(std::string_view key, Tongue tongue, std::initializer_list<std::string_view> values) {
  const std::string_view pattern = sentence(key, tongue);
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool mark = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
    if (!mark) {
      out.push_back(pattern[i]);
      continue;
    }
    const auto place = static_cast<std::size_t>(pattern[i + 1] - '0');
    ASSERT(place < values.size());
    out += *(values.begin() + place);
    i += 2;
  }
  return out;
}

std::string_view told_word(std::string_view word, Tongue tongue) {
  return find(kWords, word, tongue);
}

}  // namespace rapport::decide
