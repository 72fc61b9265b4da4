#include "bench/assistant_questions.h"

// Written as customers write, in both scripts and English.
namespace rapport::bench {
namespace {

constexpr std::string_view kQuestions = R"(
greeting: 哈喽|在不在呀|你好呀，有人吗|嗨|早安|哈囉，請問在嗎|午安你好|您好～|hey there|good afternoon|hello, anyone around?|hiya
thanks: 好嘞，多谢|搞定了，谢谢你|没别的事了|辛苦啦|感恩，沒問題了|好的，掰掰|謝啦|太好了謝謝你的幫忙|cheers, that helped|great, that is all I needed|thx bye|perfect, thank you so much
order_state: 我前天买的东西寄出来没有|东西走到哪儿了|包裹怎么还没动|订单 A10023 现在是什么情况|我买的咖啡机啥时候能送到|麻烦查一下我那单|我的貨寄了沒|包裹現在在哪個城市|訂單進度幫我看一下|昨天下的單出貨了嗎|has my package left the warehouse yet|what is happening with order A10023|my stuff still has not turned up, where is it|when will the kettle get here|any news on my delivery|can I see how far along my order is
return_wanted: 买错了想退掉|鞋子码数不对我要换|这个不想要了，能退款吗|收到有瑕疵，我想退|帮我办一下退货|杯子碎了给我换一个新的|東西不喜歡，要退|尺寸不合想換大一號|我要申請退款|瑕疵品怎麼退|I would like to send this back|the jacket is too small, can I swap it|it arrived cracked and I want my money back|please start a return for order 5566|not what I expected, refund please|how do I give this back
return_progress: 退的钱什么时候到账|我寄回去的东西你们收到没|退款还要几天|退货申请通过了吗|上门取件的什么时候来|我那个退款到哪一步了|退款進度查一下|退回的商品驗收好了嗎|錢什麼時候退給我|退貨審核過了沒|has my refund gone through|did you get the item I sent back|how long until the money is back on my card|what is the status of my return|when is someone picking up my return|is my refund approved yet
coupon: 我的优惠券怎么用不了|还有券没用完吗|券过期了能补吗|满减券在哪里看|上次送我的五块钱券呢|我的折價券在哪裡|優惠券可以疊加嗎|為什麼券用不了|do I have any vouchers left|my discount code is not working|where do I find my coupons|can two vouchers be combined
invoice: 可以开增值税专票吗|发票抬头写错了怎么改|电子票什么时候发我|公司报销要开票|能補開發票嗎|統一編號怎麼填|發票寄到哪裡|怎麼索取收據|I need a VAT receipt for my company|can you send me the bill as pdf|the name on my invoice is wrong|how do I get an invoice
warranty: 坏了保修多久|质保期是几年|过了保还能修吗|人为损坏管不管|保固期多長|壞了可以送修嗎|有沒有兩年保固|在保內維修要錢嗎|how long is it guaranteed for|is a dead battery covered by the warranty|it broke after a year, will you repair it|what does the guarantee include
hours: 你们几点下班|周末有客服吗|春节期间营业吗|晚上还有人在不|門市開到幾點|國定假日有上班嗎|客服時間是幾點到幾點|星期天有營業嗎|what time do you close|are you open on sunday|when is support available|do you work over the holidays
human: 我要找真人|转人工|别跟我扯了，叫你们的人来|让客服给我打电话|接真人客服|不要機器人，找專員|請幫我轉專人|可以跟人講嗎|let me speak to a real person|agent please|I do not want a bot|connect me with someone
complaint: 你们这服务太烂了|我要投诉，三天没人管|气死我了，骗人的店|再不处理我就去消协|太離譜了吧，一直沒人處理|我要客訴|爛透了，再也不會買|你們太不負責任|this is the worst service ever|I want to file a complaint|absolutely unacceptable, nobody answers|I am fed up with you people
parameter: CADR 是啥|5000 毫安能用多久|看不懂 CCM 是什么|净化量 400 够多大的房间用|分贝 50 算吵吗|防晒指数 30 代表什么|CADR值是什麼意思|毫安時越大越好嗎|這個 CCM 看不懂|30 分貝是多大聲|what does CADR stand for|how long does 20000 mAh last|is 45 dB loud|what is CCM supposed to mean|explain the SPF number|how big a room does 300 m3/h cover
product: 这款有货吗|那个净化器多少钱|有没有黑色的|它多重|支持快充吗|保温杯能装多少水|這款還有現貨嗎|這台多重|有沒有白色|這支可以防水嗎|is this one in stock|how much is the kettle|what colours does it come in|how heavy is it|does it work with 220 volts|what is the noise level of this purifier
payment_failed: 付款老是失败|支付不了怎么回事|显示余额不足但我有钱|银行卡扣不了款|一直提示交易失敗|刷卡刷不過|付不了錢|信用卡被拒|my payment keeps failing|card got declined|cannot check out, it says payment error|the transaction did not go through
change_address: 地址填错了能改吗|帮我换个收货地址|收件人电话写错了|能不能改送到公司|收件地址要改|幫我改成寄到辦公室|電話號碼留錯了|想換收貨地點|I put in the wrong address|please deliver to my office instead|can you change where it is shipped|wrong phone number on the delivery
cancel_order: 不想要了，还没发货，取消吧|订单能撤销吗|拍错了，帮我取消订单|把刚才那单取消|訂單可以取消嗎|下錯單了，幫我取消|還沒出貨，不要了|取消剛剛的訂單|cancel my order please|I ordered by mistake, stop it|can I still call off the purchase|please do not ship it, I changed my mind
service: 什么时候来安装|预约一下师傅上门|延保怎么买|我买过哪些服务|約安裝師傅|清洗服務怎麼預約|我有哪些服務|可以換預約時間嗎|book an installation for me|I want to reschedule the technician|which services do I have|can someone come and set it up
shipping: 运费多少|到新疆要几天|包不包邮|能发顺丰吗|運費怎麼算|可以寄到香港嗎|幾天會到台北|滿多少免運|how much is delivery|do you ship abroad|how many days does shipping take|is postage free
payment_ways: 能用花呗吗|可以货到付款吗|支持哪些支付方式|能分期吗|可以刷卡嗎|有貨到付款嗎|可以分期付款嗎|能用LINE Pay嗎|do you take paypal|can I pay in instalments|which cards do you accept|is cash on delivery possible
other: 今天天气怎么样|给我讲个笑话|你会写代码吗|明天股票会涨吗|你喜歡吃什麼|幫我寫作業|世界盃誰會贏|幾加幾等於七|what is the capital of france|tell me a story|who won the game last night|translate this into german|asdf qwer zxcv|呵呵呵|我家猫昨天生了|my boss is annoying
)";

constexpr std::string_view kDialogues = R"(
> 你好
= greeting
> 我的快递到哪了
= order_state
> 谢谢
= thanks
--
> 我想退货
= ask_order
> 订单 D-1
= ask_reason
> 尺寸不合适
= confirm_return
> 好的
= do_return
--
> 我要退货，订单 D-1，杯子碎了
= confirm_return
> 算了
= dropped
--
> I want to return order D-1
= ask_reason
> it is too small
= confirm_return
> yes please
= do_return
--
> 取消訂單 D-2
= confirm_cancel
> 確定
= do_cancel
--
> cancel order D-1
= refuse_cancel
--
> 帮我取消订单 X-99
= not_yours
--
> 我想退货
= ask_order
> 先问一下，CADR 是什么意思
= parameter
> 订单 D-1
= ask_reason
--
> 转人工
= hand_over
--
> this is the worst service ever, I want to file a complaint
= hand_over
--
> 收货地址写错了，订单 D-2
= ask_address
> 杭州市文三路 9 号 501
= confirm_address
> 对
= do_address
--
> asdf qwer
= offer_person
> 转人工
= hand_over
--
> 订单 D-1 到哪了
= order_state
> 把它退了
= ask_reason
> 不是这个，是订单 D-3
= ask_reason
)";

}  // namespace

std::string_view assistant_dialogues() {
  return kDialogues;
}

std::vector<AssistantQuestion> assistant_questions() {
  std::vector<AssistantQuestion> out;
  for (std::string_view rest = kQuestions; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view intent = line.substr(0, colon);
    line.remove_prefix(colon + 2);
    for (bool is_test = false; !line.empty(); is_test = !is_test) {
      const std::string_view text = line.substr(0, line.find('|'));
      line.remove_prefix(std::min(line.size(), text.size() + 1));
      out.push_back({intent, text, is_test});
    }
  }
  return out;
}

}  // namespace rapport::bench
