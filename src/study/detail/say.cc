#include "study/detail/say.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "study/detail/render.h"

namespace rapport::study::detail {
namespace {

struct Pair {
  std::string_view hans, hant;
};
/// Every character of this room's sentences that differs, in byte order. From ICU's Hans-Hant, with the
/// choices that fit these sentences.
constexpr std::array kPairs = std::to_array<Pair>(
    {{"与", "與"}, {"专", "專"}, {"两", "兩"}, {"个", "個"}, {"为", "為"}, {"义", "義"}, {"习", "習"},
     {"买", "買"}, {"于", "於"}, {"产", "產"}, {"仅", "僅"}, {"从", "從"}, {"价", "價"}, {"优", "優"},
     {"会", "會"}, {"体", "體"}, {"关", "關"}, {"内", "內"}, {"决", "決"}, {"净", "淨"}, {"几", "幾"},
     {"凭", "憑"}, {"则", "則"}, {"别", "別"}, {"剂", "劑"}, {"务", "務"}, {"动", "動"}, {"势", "勢"},
     {"区", "區"}, {"协", "協"}, {"单", "單"}, {"参", "參"}, {"发", "發"}, {"变", "變"}, {"叠", "疊"},
     {"后", "後"}, {"员", "員"}, {"响", "響"}, {"围", "圍"}, {"图", "圖"}, {"场", "場"}, {"坏", "壞"},
     {"块", "塊"}, {"处", "處"}, {"备", "備"}, {"复", "複"}, {"头", "頭"}, {"学", "學"}, {"实", "實"},
     {"宽", "寬"}, {"对", "對"}, {"导", "導"}, {"尔", "爾"}, {"层", "層"}, {"属", "屬"}, {"带", "帶"},
     {"并", "並"}, {"应", "應"}, {"开", "開"}, {"异", "異"}, {"弃", "棄"}, {"强", "強"}, {"归", "歸"},
     {"当", "當"}, {"征", "徵"}, {"径", "徑"}, {"总", "總"}, {"愿", "願"}, {"户", "戶"}, {"扩", "擴"},
     {"报", "報"}, {"拟", "擬"}, {"损", "損"}, {"换", "換"}, {"据", "據"}, {"数", "數"}, {"断", "斷"},
     {"无", "無"}, {"时", "時"}, {"显", "顯"}, {"暂", "暫"}, {"术", "術"}, {"机", "機"}, {"权", "權"},
     {"杆", "桿"}, {"杠", "槓"}, {"条", "條"}, {"来", "來"}, {"构", "構"}, {"标", "標"}, {"样", "樣"},
     {"检", "檢"}, {"没", "沒"}, {"测", "測"}, {"满", "滿"}, {"潜", "潛"}, {"点", "點"}, {"环", "環"},
     {"现", "現"}, {"确", "確"}, {"离", "離"}, {"种", "種"}, {"称", "稱"}, {"稳", "穩"}, {"穷", "窮"},
     {"笔", "筆"}, {"简", "簡"}, {"类", "類"}, {"约", "約"}, {"级", "級"}, {"线", "線"}, {"组", "組"},
     {"细", "細"}, {"终", "終"}, {"经", "經"}, {"结", "結"}, {"给", "給"}, {"继", "繼"}, {"绩", "績"},
     {"续", "續"}, {"维", "維"}, {"综", "綜"}, {"缓", "緩"}, {"胀", "脹"}, {"范", "範"}, {"荐", "薦"},
     {"虚", "虛"}, {"补", "補"}, {"见", "見"}, {"观", "觀"}, {"视", "視"}, {"触", "觸"}, {"计", "計"},
     {"训", "訓"}, {"议", "議"}, {"设", "設"}, {"访", "訪"}, {"证", "證"}, {"评", "評"}, {"识", "識"},
     {"诉", "訴"}, {"诊", "診"}, {"试", "試"}, {"诚", "誠"}, {"询", "詢"}, {"该", "該"}, {"详", "詳"},
     {"语", "語"}, {"误", "誤"}, {"说", "說"}, {"请", "請"}, {"读", "讀"}, {"调", "調"}, {"负", "負"},
     {"质", "質"}, {"贬", "貶"}, {"购", "購"}, {"费", "費"}, {"赋", "賦"}, {"趋", "趨"}, {"跃", "躍"},
     {"轮", "輪"}, {"载", "載"}, {"较", "較"}, {"辑", "輯"}, {"边", "邊"}, {"达", "達"}, {"过", "過"},
     {"这", "這"}, {"进", "進"}, {"适", "適"}, {"选", "選"}, {"逻", "邏"}, {"采", "採"}, {"释", "釋"},
     {"长", "長"}, {"闭", "閉"}, {"问", "問"}, {"间", "間"}, {"阵", "陣"}, {"际", "際"}, {"随", "隨"},
     {"隶", "隸"}, {"页", "頁"}, {"项", "項"}, {"顺", "順"}, {"预", "預"}, {"题", "題"}, {"额", "額"},
     {"饱", "飽"}, {"馈", "饋"}, {"驱", "驅"}, {"验", "驗"}, {"龄", "齡"}});

}  // namespace

std::string to_hant(std::string_view hans) {
  std::string hant;
  hant.reserve(hans.size());
  for (std::size_t at = 0; at < hans.size();) {
    const auto lead = static_cast<unsigned char>(hans[at]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    const std::string_view letter = hans.substr(at, size);
    const auto found = std::lower_bound(kPairs.begin(), kPairs.end(), letter,
                                        [](const Pair& p, std::string_view l) { return p.hans < l; });
    hant += found != kPairs.end() && found->hans == letter ? found->hant : letter;
    at += size;
  }
  return hant;
}

Text3 title(std::string_view en, std::string_view hans) {
  return {std::string(en), std::string(hans), to_hant(hans)};
}

void say(Report& report, const Text3& text) {
  report.say(text.en, text.hans, text.hant);
}

std::string num(double value) {
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return format_number(value);
}
std::string percent(double share) {
  return std::isfinite(share) ? fmt::format("{:.1f} %", 100 * share) : "-";
}

void add_interval(Report& report, std::string_view name, double value, double low, double high,
                  std::int64_t n, std::string_view definition, std::string_view group) {
  report.figures.push_back({.name = std::string(name),
                            .value = value,
                            .low = low,
                            .high = high,
                            .n = n,
                            .group = std::string(group),
                            .definition = std::string(definition)});
}

}  // namespace rapport::study::detail
