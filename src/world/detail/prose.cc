#include "world/detail/prose.h"

#include <algorithm>
#include <span>

namespace rapport::world {
namespace {

using Phrases = std::span<const std::string_view>;

/// Fills {name} {category} {function} {scene} {brand} {param} {value} {unit} in a phrase.
class Writer {
 public:
  Writer(const Speech& speech, std::string& out) : s_(speech), out_(out) {}

  void say(Phrases phrases) {
    const auto at =
        static_cast<std::size_t>(s_.draw.below(Tag::prose, static_cast<std::int64_t>(phrases.size()), n_++));
    fill(phrases[at]);
  }
  bool maybe(std::int64_t per_ten_thousand) {
    return s_.draw.chance(Tag::prose, per_ten_thousand, 1'000 + n_++);
  }
  void gap() {
    if (s_.english) out_.push_back(' ');
  }

 private:
  void fill(std::string_view phrase) {
    for (std::size_t i = 0; i < phrase.size();) {
      const std::size_t open = phrase.find('{', i);
      out_.append(phrase, i, open - i);
      if (open == std::string_view::npos) return;
      const std::size_t close = phrase.find('}', open);
      slot(phrase.substr(open + 1, close - open - 1));
      i = close + 1;
    }
  }
  void slot(std::string_view name) {
    const CategorySpec& spec = categories()[s_.product->category];
    const auto n = static_cast<std::size_t>(s_.draw.below(Tag::prose, 3, 500 + n_));
    const ParameterSpec& parameter = spec.parameters[n];
    if (name == "name")
      out_ += s_.english ? s_.product->name_en : s_.product->name_zh;
    else if (name == "category")
      out_ += s_.english ? spec.en : spec.zh;
    else if (name == "brand")
      out_ += s_.english ? brand_en(spec.department, s_.product->brand)
                         : brand_zh(spec.department, s_.product->brand);
    else if (name == "function")
      out_ += spec.functions[n];
    else if (name == "scene")
      out_ += spec.scenes[n];
    else if (name == "term")
      out_ += spec.parameters[0].term.empty() ? spec.parameters[0].name_en : spec.parameters[0].term;
    else if (name == "param")
      out_ += s_.english ? parameter.name_en : parameter.name_zh;
    else if (name == "value")
      number(s_.product->parameters[n]);
    else
      out_ += parameter.unit;
  }
  void number(std::int32_t thousandths) {
    out_ += std::to_string(thousandths / 1000);
    if (const int rest = thousandths % 1000 / 100; rest > 0) {
      out_.push_back('.');
      out_.push_back(static_cast<char>('0' + rest));
    }
  }

  const Speech& s_;
  std::string& out_;
  std::uint64_t n_ = 0;
};

constexpr std::string_view kOpenZh[] = {
    "用了一周，",   "收到就拆开试了，", "给家里买的，",       "第二次买{brand}了，", "对比了好几款才下单，",
    "朋友推荐的，", "换季刚好需要，",   "本来没抱太大期望，", "为了{scene}买的，",   ""};
constexpr std::string_view kOpenEn[] = {
    "Used it for a week.",    "Unpacked it the same evening.",  "Bought it for the family.",
    "My second {brand}.",     "Compared five before ordering.", "A friend told me to try it.",
    "I did not expect much.", "Needed a {category} in a hurry."};
constexpr std::string_view kGoodZh[] = {"{function}这点确实做到了，",
                                        "{param}标的{value}{unit}，实际体验对得上，",
                                        "做工比想象中扎实，",
                                        "放在{scene}用刚刚好，",
                                        "上手很简单，老人也会用，",
                                        "声音几乎听不见，",
                                        "颜值在线，",
                                        "{category}里这个价位算良心，",
                                        "细节处理得很用心，"};
constexpr std::string_view kGoodEn[] = {"The {param} of {value} {unit} is honest.",
                                        "Well made, nothing rattles.",
                                        "Quiet enough to forget about it.",
                                        "My parents use it without asking me.",
                                        "For a {category} at this price it is a fair deal.",
                                        "It looks better than in the pictures.",
                                        "The small things are thought through."};
constexpr std::string_view kBadZh[] = {"{function}基本没感觉，",
                                       "用了三天就有异响，",
                                       "{param}说是{value}{unit}，实测差得远，",
                                       "味道很重，开窗散了两天，",
                                       "边角有划痕，像是别人退回来的，",
                                       "说明书看不懂，问客服也说不清，",
                                       "和详情页图片不是一个颜色，",
                                       "才一个月就坏了，",
                                       "电池掉得飞快，"};
constexpr std::string_view kBadEn[] = {"The {param} is nowhere near {value} {unit}.",
                                       "It started to rattle after three days.",
                                       "It smells, and still does.",
                                       "There were scratches when I opened it.",
                                       "The manual explains nothing.",
                                       "It broke within a month.",
                                       "The battery is gone by noon."};
constexpr std::string_view kMixedZh[] = {"{function}还行，就是{param}一般，", "能用，谈不上惊喜，",
                                         "优点缺点都有，", "性价比中规中矩，",
                                         "比上一款{category}进步不大，"};
constexpr std::string_view kMixedEn[] = {"It works, no more and no less.", "Good idea, average {param}.",
                                         "Some of it is fine.", "Not much better than my last {category}."};
constexpr std::string_view kLateZh[] = {"物流太慢了，说好的时间晚了好几天，", "快递一直停在中转站不动，",
                                        "等得花儿都谢了，", "催了两次才送到，"};
constexpr std::string_view kLateEn[] = {"The parcel came days after the promise.",
                                        "It sat in a depot for half a week.",
                                        "I had to ask twice where it was."};
constexpr std::string_view kEndGoodZh[] = {"推荐。", "会回购。",   "已经推荐给同事了。",
                                           "满意！", "下次还来。", "五星给到。"};
constexpr std::string_view kEndGoodEn[] = {"Recommended.", "I would buy it again.", "Five stars.",
                                           "Happy with it."};
constexpr std::string_view kEndBadZh[] = {"不推荐。", "等一个说法。", "希望售后能给个解决办法。",
                                          "有点后悔。", "不会再买了。"};
constexpr std::string_view kEndBadEn[] = {"Not recommended.", "I want an answer.", "I regret it a little.",
                                          "Never again."};
constexpr std::string_view kEndMixedZh[] = {"先用着看看。", "给三星吧。", "凑合。", "看后续表现。"};
constexpr std::string_view kEndMixedEn[] = {"Three stars.", "We will see.", "It will do."};

constexpr std::string_view kAskZh[kTopics][3] = {
    {"请问{name}的{term}是什么意思？大概适合多大的房间？", "{term}看不懂，能用大白话说一下吗？",
     "这个{category}的{term}越高越好吗？"},
    {"{name}到了，第一次用要怎么设置？", "{category}的{function}功能在哪里打开？",
     "{param}怎么调，说明书上没找到。"},
    {"刚买的{name}坏了，开机没反应。", "{category}用了几天有异响，还漏过一次。",
     "{name}收到就有问题，能换一台吗？"},
    {"我的{category}说昨天到，现在还没动静。", "快递三天没更新了，帮我查一下{name}到哪了？",
     "订单超时了，什么时候能送到？"},
    {"{name}尺寸不合适，想换一个。", "买大了，{category}能换小一号吗？", "和家里的位置不匹配，能退吗？"},
    {"{name}刚买就降价了，能补差价吗？", "优惠券为什么用不了？", "同款{category}别家便宜，能价保吗？"},
    {"付款一直失败，提示余额不足，但我换了卡也不行。", "可以分期或者换成支付宝吗？",
     "付款成功了订单却没显示。"},
    {"退回去的{category}，退款到现在没到账。", "退货申请被驳回了，为什么？", "退款要等几天？"},
    {"上次的问题还没解决，我已经说第三遍了。", "之前的工单有进展吗？", "说好回电的，没有人打给我。"},
    {"{name}很好用，谢谢你们。", "顾问很耐心，给个好评。", "体验不错，提个建议：{function}再明显一点。"},
};
constexpr std::string_view kAskEn[kTopics][2] = {
    {"What does {term} mean on the {name}? Which room size is it for?",
     "Can you explain {term} in plain words?"},
    {"How do I set up the {name} the first time?", "Where do I change the {param} of this {category}?"},
    {"My {name} does not switch on any more.",
     "The {category} rattles after a few days. Can I have another?"},
    {"My {category} was promised for yesterday and nothing has moved.",
     "Where is my parcel? No news for three days."},
    {"The {name} does not fit. Can I swap it?", "It is too large for our place, can I return it?"},
    {"The {name} got cheaper right after I bought it.", "Why is my coupon refused?"},
    {"My payment keeps failing with two different cards.", "Paid, but no order shows up."},
    {"The refund for the {category} has not arrived.", "Why was my return rejected?"},
    {"My problem is still open and this is the third time I explain it.", "Nobody called back as promised."},
    {"The {name} is great, thank you.", "Your adviser was patient with me."},
};
// What is said after the question, by how far the talk has come: the bot hands over, a colleague looks, says
// what he does, and the customer takes leave. A talk may end after any of the colleague's turns.
constexpr std::string_view kMoreZh[][3] = {
    {"订单号在我账户里能看到。", "上面说的就是全部情况。", "麻烦尽快看一下。"},
    {"能快一点吗？", "大概要多久？", "需要我再提供什么吗？"},
    {"好的，那我等消息。", "行，那就按您说的办。", "好的，麻烦了。"},
    {"明白了，谢谢。", "好的，谢谢。", "知道了，谢谢您。"}};
constexpr std::string_view kMoreEn[][3] = {
    {"You can see the order in my account.", "That is all there is to it.", "Please look into it."},
    {"Can it go faster?", "How long will it take?", "Do you need anything else from me?"},
    {"All right, I will wait.", "Good, let us do that.", "All right."},
    {"Understood, thank you.", "Thank you.", "Good to know, thanks."}};
constexpr std::string_view kAgentZh[][2] = {
    {"您好，我看到您的{name}订单了，正在为您核实。", "您好，情况我看到了，这就为您查{category}的记录。"},
    {"", ""},
    {"已经登记好，{category}专员今天内给您回复。", "这边都记下了，今天内有人联系您。"},
    {"不客气，有进展第一时间告诉您。", "应该的，后面由我跟到底。"}};
constexpr std::string_view kAgentEn[][2] = {
    {"I see your order for the {name} and am checking it.", "Hello, I am looking at it now."},
    {"", ""},
    {"It is with our {category} desk; you will hear from us today.",
     "I have written it all down and will answer today."},
    {"You are welcome. I will write as soon as there is news.",
     "Gladly. It stays with me until it is done."}};
/// What is done about each topic: the colleague's second turn.
constexpr std::string_view kDoneZh[kTopics] = {
    "{term}可以这样理解：数值越大见效越快，二十平左右选{value}{unit}上下就够。",
    "可以的，我给您发一个图文步骤。",
    "给您添麻烦了。您看换新还是退款更方便？",
    "已经帮您催促快递，今天内给您准信。",
    "可以换的，我给您登记，上门取件不用您出运费。",
    "我把您的情况报给价格专员，核实后给您答复。",
    "付款记录我查到了，没有重复扣款，您可以换一种方式再付。",
    "退款已经在走流程，我帮您催财务。",
    "让您反复说了，抱歉。这次由我跟到底，处理完给您回电。",
    "谢谢您告诉我们，我转给同事。"};
constexpr std::string_view kDoneEn[kTopics] = {
    "Think of {term} this way: the larger, the quicker it works.",
    "I am sending you the steps with pictures.",
    "Sorry for the trouble. Would you prefer a replacement or a refund?",
    "I have pushed the carrier and will know today.",
    "Yes, it can be exchanged; we collect it at no cost to you.",
    "I pass it to whoever looks after prices and come back to you.",
    "I see the payment; nothing was charged twice. You can try another way to pay.",
    "The refund is on its way; I am asking the accounts to hurry.",
    "Sorry that you had to say it again. It stays with me, and I will call you.",
    "Thank you for telling us; I pass it on."};
constexpr std::string_view kBotZh[] = {"您好，我是小助手。这个问题我转给人工同事，前面的内容他都能看到。",
                                       "正在为您转接{category}的同事，您说过的他都能看到。"};
constexpr std::string_view kBotEn[] = {
    "I am handing you over; my colleague sees all of this.",
    "A colleague who knows your {category} takes over and sees what you wrote."};
constexpr std::string_view kReplyGoodZh[] = {"感谢您的认可，{category}有任何问题随时找我们。",
                                             "谢谢支持，祝使用愉快。"};
constexpr std::string_view kReplyGoodEn[] = {"Thank you; call us any time about your {category}.",
                                             "Glad that it fits."};
constexpr std::string_view kReplyBadZh[] = {"非常抱歉，已安排专人联系您处理{name}的问题。",
                                            "对不起让您失望了，请看一下消息，我们为您换新或退款。",
                                            "已记录{param}的反馈，交给产品同事了。"};
constexpr std::string_view kReplyBadEn[] = {
    "We are sorry. Somebody will call you about the {name}.",
    "We let you down; please look at your messages for a replacement or refund.",
    "Your note on the {param} has gone to the product team."};
constexpr std::string_view kLaterGoodZh[] = {"用了一个月来追评，{function}依旧稳定。",
                                             "一个月了，没出过毛病，{category}买对了。"};
constexpr std::string_view kLaterGoodEn[] = {"A month later it still does what it should.",
                                             "One month on: no trouble at all."};
constexpr std::string_view kLaterBadZh[] = {"追评：一个月后开始出问题，{param}明显下降。",
                                            "用久了毛病就出来了，慎重。"};
constexpr std::string_view kLaterBadEn[] = {"After a month the {param} has dropped.",
                                            "The trouble came with time."};

// The brokerage's own.
constexpr std::string_view kBrokerAskZh[] = {"{name}的{term}怎么看？高好还是低好？",
                                             "开户卡在第三步了，身份证照片一直提示不清楚。",
                                             "入金为什么还没到账？",
                                             "我的担保比例掉到哪儿会被强平？",
                                             "昨天的成交价和我看到的不一样。",
                                             "我要投诉：没有人提醒我就被强平了。",
                                             "{category}的费率能便宜一点吗？"};
constexpr std::string_view kBrokerAskEn[] = {"How should I read the {term} of {name}?",
                                             "The account form keeps refusing my picture.",
                                             "My deposit has not arrived.",
                                             "At which margin ratio do you sell me out?",
                                             "I was liquidated without a word of warning.",
                                             "Can the fee of the {category} come down?"};
constexpr std::string_view kBrokerAgentZh[] = {
    "您好，我看到您的账户了，先说结论再说原因。", "担保比例低于百分之一百三会强平，您现在可以补仓或减仓。",
    "{term}反映的是{category}的估值，单看它不够。", "入金一般两小时内到账，我帮您盯着。",
    "您的意见我记下来交给风控同事，今天给您答复。"};
constexpr std::string_view kBrokerAgentEn[] = {
    "I see your account; the answer first, then the reason.",
    "Below 130 percent positions are sold; you can add money or reduce now.",
    "{term} alone does not tell whether a {category} is dear.",
    "Deposits take up to two hours; I am watching yours."};
constexpr std::string_view kBrokerGoodZh[] = {"预警来得及时，少亏了一笔，", "顾问讲得明白，", "下单很顺，",
                                              "费率写得清楚，"};
constexpr std::string_view kBrokerGoodEn[] = {"The warning came in time.", "The adviser speaks plainly.",
                                              "Orders go through at once.", "Fees are stated up front."};
constexpr std::string_view kBrokerBadZh[] = {"行情一急就卡，", "强平之前没人说一声，", "开户填了三遍，",
                                             "客服一直让我等，"};
constexpr std::string_view kBrokerBadEn[] = {"It freezes when the market moves.",
                                             "Nobody told me before I was sold out.",
                                             "I filled the form three times.", "Support keeps me waiting."};

bool investing(const Speech& s) {
  return categories()[s.product->category].department == Department::investing;
}

void broker_comment(const Speech& s, Writer& w) {
  const bool good = s.rating >= 4;
  if (s.english) return w.say(good ? Phrases(kBrokerGoodEn) : Phrases(kBrokerBadEn));
  w.say(good ? Phrases(kBrokerGoodZh) : Phrases(kBrokerBadZh));
  w.say(good ? Phrases(kEndGoodZh) : Phrases(kEndBadZh));
}

void middle(Writer& w, bool english, Phrases zh, Phrases en, int count) {
  for (int i = 0; i < count; ++i) {
    w.say(english ? en : zh);
    w.gap();
  }
}

}  // namespace

void write_review(const Speech& s, std::string& out) {
  Writer w(s, out);
  w.say(s.english ? Phrases(kOpenEn) : Phrases(kOpenZh));
  w.gap();
  if (s.late) middle(w, s.english, kLateZh, kLateEn, 1);
  if (s.rating >= 4) {
    middle(w, s.english, kGoodZh, kGoodEn, w.maybe(5'000) ? 2 : 1);
    w.say(s.english ? Phrases(kEndGoodEn) : Phrases(kEndGoodZh));
  } else if (s.rating == 3) {
    middle(w, s.english, kGoodZh, kGoodEn, w.maybe(4'000) ? 1 : 0);
    middle(w, s.english, kMixedZh, kMixedEn, 1);
    w.say(s.english ? Phrases(kEndMixedEn) : Phrases(kEndMixedZh));
  } else {
    middle(w, s.english, kBadZh, kBadEn, w.maybe(5'000) ? 2 : 1);
    w.say(s.english ? Phrases(kEndBadEn) : Phrases(kEndBadZh));
  }
}

void write_follow_up(const Speech& s, std::string& out) {
  Writer w(s, out);
  if (s.rating >= 4) return w.say(s.english ? Phrases(kLaterGoodEn) : Phrases(kLaterGoodZh));
  w.say(s.english ? Phrases(kLaterBadEn) : Phrases(kLaterBadZh));
}

void write_reply(const Speech& s, std::string& out) {
  Writer w(s, out);
  if (s.rating >= 4) return w.say(s.english ? Phrases(kReplyGoodEn) : Phrases(kReplyGoodZh));
  w.say(s.english ? Phrases(kReplyBadEn) : Phrases(kReplyBadZh));
}

void write_comment(const Speech& s, std::string& out) {
  Writer w(s, out);
  if (investing(s)) return broker_comment(s, w);
  const bool good = s.rating >= 4;
  middle(w, s.english,
         good            ? Phrases(kGoodZh)
         : s.rating == 3 ? Phrases(kMixedZh)
                         : Phrases(kBadZh),
         good            ? Phrases(kGoodEn)
         : s.rating == 3 ? Phrases(kMixedEn)
                         : Phrases(kBadEn),
         1);
  w.say(s.english ? (good ? Phrases(kEndGoodEn) : Phrases(kEndBadEn))
                  : (good ? Phrases(kEndGoodZh) : Phrases(kEndBadZh)));
}

void write_message(const Speech& s, int who, int step, std::string& out) {
  Writer w(s, out);
  const auto topic = static_cast<std::size_t>(s.topic);
  if (who == 2) return w.say(s.english ? Phrases(kBotEn) : Phrases(kBotZh));
  if (investing(s) && who == 1) return w.say(s.english ? Phrases(kBrokerAgentEn) : Phrases(kBrokerAgentZh));
  if (investing(s) && step == 0) return w.say(s.english ? Phrases(kBrokerAskEn) : Phrases(kBrokerAskZh));
  if (step == 0) return w.say(s.english ? Phrases(kAskEn[topic]) : Phrases(kAskZh[topic]));
  // Steps 2 and 3 are the first turn after the bot's.
  const std::size_t turn =
      std::min<std::size_t>(static_cast<std::size_t>(step) / 2 - 1, std::size(kMoreZh) - 1);
  if (who == 0) return w.say(s.english ? Phrases(kMoreEn[turn]) : Phrases(kMoreZh[turn]));
  if (turn == 1) return w.say(Phrases(s.english ? &kDoneEn[topic] : &kDoneZh[topic], 1));
  w.say(s.english ? Phrases(kAgentEn[turn]) : Phrases(kAgentZh[turn]));
}

}  // namespace rapport::world
