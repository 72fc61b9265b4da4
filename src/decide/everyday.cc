#include "decide/everyday.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "text/han.h"
#include "text/normalise.h"

namespace rapport::decide {
namespace {

constexpr double kPhone_mAh = 5000, kPhoneVideo_h = 12, kKept = 0.7;
constexpr double kRoom_m2 = 20, kRoomHigh_m = 2.6;

std::int64_t whole(double value) {
  return std::max<std::int64_t>(1, std::llround(value));
}

/// "0.5", "300": without zeros at the end.
std::string number_text(double value) {
  std::string out = fmt::format("{:.2f}", value);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out;
}

Said cadr_words(double cadr) {
  const auto from = whole(0.07 * cadr), to = whole(0.12 * cadr);
  const auto minutes = whole(60 * std::log(10.0) * kRoom_m2 * kRoomHigh_m / cadr);
  return {{fmt::format(
               "适合 {}–{} 平方米的房间；20 平方米的卧室约 {} 分钟净化一遍（层高 2.6 米，除去九成细颗粒）。",
               from, to, minutes),
           fmt::format("適合 {}–{} 平方公尺的房間；20 平方公尺的臥室約 {} 分鐘淨化一遍（層高 2.6 "
                       "公尺，除去九成細顆粒）。",
                       from, to, minutes),
           fmt::format("Right for rooms of {}–{} m²; a 20 m² bedroom is clean in about {} minutes (2.6 m "
                       "high, nine tenths of "
                       "the fine dust gone).",
                       from, to, minutes)}};
}

Said ccm_words(double mg) {
  int grade = 0;
  for (const double least : {3000.0, 5000.0, 8000.0, 12000.0}) grade += mg >= least ? 1 : 0;
  if (grade == 0) return {};
  return {{fmt::format("相当于国标四级里的 P{} 级，级数越高，滤网换得越少。", grade),
           fmt::format("相當於國標四級裡的 P{} 級，級數越高，濾網換得越少。", grade),
           fmt::format(
               "That is grade P{} of 4 in the national standard: the higher, the fewer changes of filter.",
               grade)}};
}

Said noise_words(double db) {
  if (db <= 0 || db > 70) return {};
  const std::string n = number_text(db);
  if (db <= 35)
    return {{n + " 分贝像轻声耳语，开着睡觉也不吵。", n + " 分貝像輕聲耳語，開著睡覺也不吵。",
             n + " dB is a whisper: quiet enough to sleep beside."}};
  if (db <= 45)
    return {
        {n + " 分贝和图书馆差不多。", n + " 分貝和圖書館差不多。", n + " dB is about as loud as a library."}};
  return {
      {n + " 分贝像平常小声说话。", n + " 分貝像平常小聲說話。", n + " dB is about as loud as quiet talk."}};
}

Said video_words(double mah, bool bank) {
  if (mah <= 0) return {};
  const auto hours = whole((bank ? kKept : 1) * mah / kPhone_mAh * kPhoneVideo_h);
  if (bank)
    return {{fmt::format("够手机看约 {} 小时视频（5000 mAh 约 12 小时，充电损耗三成）。", hours),
             fmt::format("夠手機看約 {} 小時影片（5000 mAh 約 12 小時，充電損耗三成）。", hours),
             fmt::format(
                 "About {} hours of video on a phone (5000 mAh is 12 h, three tenths are lost in charging).",
                 hours)}};
  return {{fmt::format("手机的话，约能看 {} 小时视频（按 5000 mAh 约 12 小时算）。", hours),
           fmt::format("手機的話，約能看 {} 小時影片（按 5000 mAh 約 12 小時算）。", hours),
           fmt::format("In a phone that is about {} hours of video (at 12 h for 5000 mAh).", hours)}};
}

Said spf_words(double spf) {
  if (spf < 2) return {};
  const std::string share = number_text(std::round((1 - 1 / spf) * 1000) / 10);
  return {{"涂够量时挡住约 " + share + "% 晒红皮肤的紫外线，每两小时补一次。",
           "塗夠量時擋住約 " + share + "% 曬紅皮膚的紫外線，每兩小時補一次。",
           "Put on thickly it stops about " + share + "% of the rays that burn; again every two hours."}};
}

bool alike(std::string_view wanted, std::string_view a, std::string_view b) {
  if (wanted.empty()) return true;
  const std::string form = text::comparison_form(wanted);
  return form == text::comparison_form(a) || form == text::comparison_form(b);
}

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

Said own_words(const std::vector<EverydayRule>& rules, std::string_view category,
               std::string_view category_en, const ProductFact& fact) {
  const auto value = number_of(fact.value);
  for (const EverydayRule& rule : rules) {
    if (rule.parameter.empty() || !alike(rule.parameter, fact.name, fact.name_en) ||
        !alike(rule.unit, fact.unit, fact.unit) || !alike(rule.category, category, category_en))
      continue;
    if ((rule.from || rule.to) &&
        !(value && *value >= rule.from.value_or(*value) && *value <= rule.to.value_or(*value)))
      continue;
    Said out = rule.words;
    for (std::string& words : out.by) {
      for (auto at = words.find("{value}"); at != std::string::npos;
           at = words.find("{value}", at + fact.value.size()))
        words.replace(at, 7, fact.value);
    }
    return out;
  }
  return {};
}

}  // namespace

Tongue tongue_of(std::string_view tag, Tongue otherwise) {
  if (tag.starts_with("en")) return Tongue::english;
  if (tag.starts_with("zh-Hant") || tag.starts_with("zh-TW") || tag.starts_with("zh-HK") ||
      tag.starts_with("zh-MO"))
    return Tongue::traditional;
  return tag.starts_with("zh") ? Tongue::simplified : otherwise;
}

std::string Said::in(Tongue tongue) const {
  const std::string& wanted = by[static_cast<std::size_t>(tongue)];
  if (!wanted.empty()) return wanted;
  if (tongue == Tongue::traditional && !by[0].empty()) return text::to_traditional(by[0]);
  if (tongue == Tongue::simplified && !by[1].empty()) return text::simplified_characters(by[1]);
  for (const std::string& other : by) {
    if (!other.empty()) return other;
  }
  return {};
}

Said everyday_of(const std::vector<EverydayRule>& rules, std::string_view category,
                 std::string_view category_en, const ProductFact& fact) {
  Said own = own_words(rules, category, category_en, fact);
  if (!own.empty()) return own;
  const auto value = number_of(fact.value);
  const auto term = term_of(fact);
  if (!value || !term) return {};
  if (*term == Term::mah) return video_words(*value, category_en != "phone");
  return everyday_of(*term, *value);
}

std::optional<Term> term_in(std::string_view text) {
  const std::string form = text::plain_form(text);
  struct Named {
    Term term;
    std::initializer_list<std::string_view> names;
  };
  static const Named kNamed[] = {{Term::cadr, {"cadr", "洁净空气量", "净化量"}},
                                 {Term::ccm, {"ccm", "累计净化量"}},
                                 {Term::mah, {"mah", "毫安"}},
                                 {Term::spf, {"spf", "防晒指数"}},
                                 {Term::decibel, {"分贝", "decibel", " db", "0db", "5db"}},
                                 {Term::flow, {"m3/h", "m³/h", "立方米每小时"}},
                                 {Term::watt, {"瓦数", "多少瓦", "watt"}}};
  for (const Named& one : kNamed) {
    // 累计净化量 holds 净化量, and is the other one.
    if (one.term == Term::cadr && form.find("累计净化量") != std::string::npos) continue;
    for (const std::string_view name : one.names) {
      if (form.find(name) != std::string::npos) return one.term;
    }
  }
  return std::nullopt;
}

std::optional<Term> term_of(const ProductFact& fact) {
  const std::string name = text::comparison_form(fact.name_en.empty() ? fact.name : fact.name_en);
  const std::string unit = text::comparison_form(fact.unit);
  if (name == "cadr") return Term::cadr;
  if (name == "ccm") return Term::ccm;
  if (name == "spf") return Term::spf;
  if (unit == "mah") return Term::mah;
  if (unit == "db") return Term::decibel;
  return std::nullopt;
}

Said meaning_of(Term term) {
  switch (term) {
    case Term::cadr:
    case Term::flow:
      return {{"CADR 是洁净空气量：净化器每小时能送出多少立方米干净空气，数字越大，净化越快。",
               "CADR 是潔淨空氣量：清淨機每小時能送出多少立方公尺乾淨空氣，數字越大，淨化越快。",
               "CADR is the clean air delivery rate: how many cubic metres of clean air come out in an hour. "
               "The larger, the "
               "faster."}};
    case Term::ccm:
      return {{"CCM 是累计净化量：一张滤网用到该换时，一共吸住了多少毫克颗粒物，数字越大，换得越少。",
               "CCM 是累計淨化量：一張濾網用到該換時，一共吸住了多少毫克顆粒物，數字越大，換得越少。",
               "CCM is the cumulate clean mass: how many milligrams of dust a filter takes before it must be "
               "changed. The "
               "larger, the fewer changes."}};
    case Term::mah:
      return {{"毫安时（mAh）说的是电池里存了多少电；手机电池一般在 5000 毫安时左右。",
               "毫安時（mAh）說的是電池裡存了多少電；手機電池一般在 5000 毫安時左右。",
               "Milliampere-hours (mAh) say how much charge a battery holds; a phone has about 5000."}};
    case Term::spf:
      return {
          {"SPF 是防晒指数：涂了以后，皮肤晒红所需的时间是不涂时的多少倍。",
           "SPF 是防曬指數：塗了以後，皮膚曬紅所需的時間是不塗時的多少倍。",
           "SPF is the sun protection factor: how many times longer skin takes to burn than without it."}};
    case Term::decibel:
      return {
          {"分贝说的是声音有多大：35 以下像耳语，45 左右像图书馆，60 像平常说话。",
           "分貝說的是聲音有多大：35 以下像耳語，45 左右像圖書館，60 像平常說話。",
           "Decibels say how loud something is: under 35 a whisper, about 45 a library, 60 ordinary talk."}};
    case Term::watt:
      return {{"瓦（W）说的是每时每刻用多少电，或者能带多大的电器；1000 瓦开一小时是一度电。",
               "瓦（W）說的是每時每刻用多少電，或者能帶多大的電器；1000 瓦開一小時是一度電。",
               "Watts say how much power something draws, or can feed; 1000 W for an hour is one "
               "kilowatt-hour."}};
  }
  return {};
}

Said everyday_of(Term term, double value) {
  if (!(value > 0)) return {};
  switch (term) {
    case Term::cadr:
    case Term::flow:
      return cadr_words(value);
    case Term::ccm:
      return ccm_words(value);
    case Term::mah:
      return video_words(value, false);
    case Term::spf:
      return spf_words(value);
    case Term::decibel:
      return noise_words(value);
    case Term::watt:
      return {};
  }
  return {};
}

}  // namespace rapport::decide
