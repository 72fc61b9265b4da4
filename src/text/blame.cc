#include "text/blame.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "text/han.h"
#include "text/normalise.h"

namespace rapport::text {
namespace {

// What holds such a word and blames nothing; taken out before the others are looked for.
constexpr std::string_view kHarmless[] = {
    "差价",   "差额",   "出差",   "差不多", "时差", "差多少", "相差", "太太",   "太阳",    "太原",
    "太平",   "太空",   "太好",   "太棒",   "太赞", "太谢谢", "太感", "太满意", "太喜欢",  "没问题",
    "好不好", "行不行", "坏不坏", "破例",   "突破", "坑位",   "不漏", "不破",   "缺不缺货"};
constexpr std::string_view kHan[] = {
    "太",       "差",       "坏",         "碎",       "破",       "裂",       "漏",       "烂",
    "脏",       "臭",       "难闻",       "难吃",     "难看",     "难用",     "垃圾",     "骗",
    "欺",       "坑",       "假货",       "假的",     "冒牌",     "山寨",     "高仿",     "翻新",
    "不是正品", "二手的",   "断了",       "一碰就断", "松的",     "掉色",     "褪色",     "掉漆",
    "起球",     "缩水",     "变形",       "划痕",     "瑕疵",     "粗糙",     "劣质",     "廉价",
    "毛病",     "次品",     "不耐用",     "鼓包",     "掉得",     "没电",     "发错",     "送错",
    "寄错",     "装错",     "搞错",       "弄错",     "少发",     "漏发",     "少送",     "少了",
    "缺件",     "缺少",     "缺了",       "缺斤",     "没收到",   "没到",     "没发",     "没送",
    "没退",     "没人",     "没回",       "没处理",   "没解决",   "没用",     "没反应",   "没有反应",
    "没效果",   "没有效果", "没有人",     "没有回",   "没有解决", "没有收到", "没动静",   "没下文",
    "没有下文", "没有进展", "没更新",     "没兑现",   "没有兑现", "还没",     "还不",     "还是不",
    "仍",       "未到",     "未收到",     "不到账",   "不更新",   "不发货",   "不给",     "不理",
    "不回",     "不管",     "不处理",     "不解决",   "不退款",   "不退钱",   "不行",     "不好",
    "不灵",     "不能用",   "不满",       "不负责",   "不专业",   "不耐烦",   "不讲理",   "不符",
    "不一样",   "不对板",   "不新鲜",     "不值",     "不划算",   "不制冷",   "不工作",   "不转",
    "睡不着",   "用不了",   "开不了",     "充不进",   "打不开",   "打不通",   "连不上",   "联系不上",
    "找不到",   "查不到",   "收不到",     "登不",     "付不了",   "受不了",   "失灵",     "失望",
    "失效",     "生气",     "气死",       "气人",     "愤怒",     "恶劣",     "恶心",     "态度",
    "敷衍",     "推卸",     "推诿",       "踢皮球",   "投诉",     "曝光",     "12315",    "律师",
    "报警",     "起诉",     "后悔",       "上当",     "过分",     "离谱",     "无语",     "糟",
    "可恶",     "缺德",     "异响",       "异味",     "怪味",     "刺鼻",     "很吵",     "好吵",
    "真吵",     "吵死",     "吵得",       "吵醒",     "吵人",     "嗡嗡",     "很大声",   "卡死",
    "卡顿",     "卡得",     "死机",       "闪退",     "崩溃",     "报错",     "出错",     "冒烟",
    "漏电",     "起火",     "着火",       "爆炸",     "烧焦",     "烫伤",     "割伤",     "过敏",
    "红疹",     "发霉",     "变质",       "拉肚子",   "虫",       "很慢",     "好慢",     "真慢",
    "慢死",     "这么慢",   "那么慢",     "慢得",     "拖了",     "拖着",     "一拖再拖", "迟迟",
    "迟到",     "晚了",     "超时",       "等了",     "等得",     "催了",     "一直",     "多次",
    "好几次",   "又坏",     "又错",       "又没",     "多扣",     "重复扣",   "扣了两",   "扣了我",
    "乱扣",     "乱收",     "多收",       "盗刷",     "丢了",     "丢件",     "弄丢",     "摔",
    "压坏",     "压扁",     "暴力",       "色差",     "夸大",     "虚假",     "虚高",     "很贵",
    "好贵",     "真贵",     "贵得",       "这么贵",   "买贵",     "骚扰",     "泄露",     "凭什么",
    "什么破",   "什么玩意", "怎么做生意", "差评"};
constexpr std::string_view kEnglish[] = {
    " bad ",       " badly ",       "terrible",      "awful",       "worst",       "horribl",
    " poor",       "broke",         "damaged",       "cracked",     "shattered",   "leak",
    " late",       "delayed",       " slow",         " too ",       "never ",      "nobody",
    "no one ",     "no reply",      "no answer",     "no response", "no refund",   "still ",
    "rude",        "wrong",         "missing",       "faulty",      "defective",   "useless",
    "worthless",   "scam",          "fake",          "counterfeit", "cheated",     "lied ",
    "liar",        "ridiculous",    "unacceptable",  "disappoint",  "angry",       "furious",
    "complain",    "refuse",        "ignore",        " lost ",      "stopped ",    "not work",
    "n't work",    "does not ",     "doesn't ",      "did not ",    "didn't ",     "has not ",
    "hasn't ",     "have not ",     "haven't ",      "was not ",    "wasn't ",     "not arrived",
    "cannot ",     "can't ",        "won't ",        "keeps ",      "waste",       "overpriced",
    "rip off",     "ripoff",        "charged twice", "charged me",  "overcharged", "stinks",
    "smells",      "noisy",         " so loud",      "dirty",       "torn ",       "scratch",
    "crash",       "freezes",       "waiting for",   "waited",      "regret",      "junk",
    "garbage",     "trash",         "hate ",         "fed up",      "a joke",      "not as described",
    "not what i ", "burn",          "smoke",         "sparks",      "rash ",       "made me sick",
    "fell apart",  "falling apart", "unhappy",       "not happy",   "not good",    "not acceptable",
    "misleading",  "dishonest",     "incompetent",   "careless",    "disgust",     "appalling",
    "shame",       "sick of"};

constexpr std::string_view kPerson[] = {"转人工",
                                        "转接人工",
                                        "转到人工",
                                        "找人工",
                                        "要人工",
                                        "接人工",
                                        "换人工",
                                        "叫人工",
                                        "人工服务",
                                        "转真人",
                                        "找真人",
                                        "要真人",
                                        "换真人",
                                        "叫真人",
                                        "真人客服",
                                        "转客服",
                                        "转接客服",
                                        "接专员",
                                        "transfer me",
                                        "human agent",
                                        "live agent",
                                        "real person",
                                        "real human",
                                        "to a person",
                                        "to a human",
                                        "to an agent",
                                        "to a representative",
                                        "to someone real",
                                        "with a person",
                                        "with a human",
                                        "with an agent",
                                        "with a representative",
                                        "human please",
                                        "agent please"};
constexpr std::string_view kPersonWhole[] = {"人工",  "人工客服", "真人",           "human",
                                             "agent", "a person", "representative", "operator"};
// It is refused, or asked about.
constexpr std::string_view kNoPerson[] = {"不要",    "不用",     "不想",     "不必",      "别",
                                          "不需",    "几点",     "服务时间", "客服电话",  "服务电话",
                                          "多少",    "什么时候", "don't",    "do not",    "not want",
                                          "no need", "when ",    "hours",    "what time", "phone number"};

template <std::size_t N>
bool holds(std::string_view form, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return form.find(word) != std::string_view::npos; });
}

/// Marks as blanks, a blank at both ends, so that words are found whole.
std::string spaced(std::string_view utf8) {
  std::string out = " " + plain_form(utf8) + " ";
  for (const std::string_view curly : {"’", "‘"}) {
    for (auto at = out.find(curly); at != std::string::npos; at = out.find(curly))
      out.replace(at, curly.size(), "'");
  }
  for (char& c : out) {
    const bool is_mark = c == ',' || c == '.' || c == '!' || c == '?' || c == ';' || c == ':' || c == '-';
    if (is_mark) c = ' ';
  }
  return out;
}

}  // namespace

bool states_fault(std::string_view utf8) {
  std::string form = spaced(utf8);
  for (const std::string_view word : kHarmless) {
    for (auto at = form.find(word); at != std::string::npos; at = form.find(word))
      form.replace(at, word.size(), " ");
  }
  return holds(form, kHan) || holds(form, kEnglish);
}

bool asks_something(std::string_view utf8) {
  constexpr std::string_view kAsks[] = {
      "?",      "吗",   "怎么",   "如何",   "能不能", "可不可以", "是不是", "有没有", "什么",   "哪",
      "多少",   "多久", "多大",   "多长",   "多重",   "多高",     "多远",   "几点",   "我要",   "我想",
      "想要",   "帮我", "请",     "麻烦",   "可以",   "要求",     "where ", "when ",  "what ",  "how ",
      "which ", "can ", "could ", "would ", "do you", "is it ",   "please", "i want", "i need", "i'd like"};
  return holds(plain_form(nfkc(utf8)), kAsks);
}

bool asks_for_person(std::string_view utf8) {
  constexpr std::size_t kMost = 120;
  const std::string form = spaced(utf8);
  if (form.size() > kMost || holds(form, kNoPerson)) return false;
  if (holds(form, kPerson)) return true;
  const auto from = form.find_first_not_of(' ');
  if (from == std::string::npos) return false;
  const std::string whole = form.substr(from, form.find_last_not_of(' ') + 1 - from);
  return std::find(std::begin(kPersonWhole), std::end(kPersonWhole), whole) != std::end(kPersonWhole);
}

}  // namespace rapport::text
