#include "world/detail/people.h"

#include <algorithm>

namespace rapport::world {
namespace {

constexpr City kCities[] = {
    {"上海", "Shanghai", "上海", "CN-31", 1},  {"北京", "Beijing", "北京", "CN-11", 1},
    {"深圳", "Shenzhen", "广东", "CN-44", 1},  {"广州", "Guangzhou", "广东", "CN-44", 1},
    {"杭州", "Hangzhou", "浙江", "CN-33", 2},  {"成都", "Chengdu", "四川", "CN-51", 2},
    {"武汉", "Wuhan", "湖北", "CN-42", 2},     {"南京", "Nanjing", "江苏", "CN-32", 2},
    {"西安", "Xi'an", "陕西", "CN-61", 2},     {"苏州", "Suzhou", "江苏", "CN-32", 2},
    {"合肥", "Hefei", "安徽", "CN-34", 3},     {"昆明", "Kunming", "云南", "CN-53", 3},
    {"泉州", "Quanzhou", "福建", "CN-35", 3},  {"洛阳", "Luoyang", "河南", "CN-41", 3},
    {"绵阳", "Mianyang", "四川", "CN-51", 4},  {"赣州", "Ganzhou", "江西", "CN-36", 4},
    {"襄阳", "Xiangyang", "湖北", "CN-42", 4}, {"遵义", "Zunyi", "贵州", "CN-52", 4},
};
constexpr std::string_view kJobs[] = {"teacher", "engineer", "nurse",  "designer", "sales",   "student",
                                      "driver",  "manager",  "farmer", "retired",  "founder", "clerk"};
constexpr std::string_view kIncomes[] = {"<5k", "5k-10k", "10k-20k", "20k-40k", ">40k"};
constexpr std::string_view kAges[] = {"18-24", "25-35", "36-45", "46-60", "60+"};

constexpr std::string_view kSurnames[] = {"林", "陆", "沈", "顾", "苏", "江", "叶", "许", "程", "方",
                                          "白", "严", "秦", "乔", "温", "宋", "袁", "庄", "钟", "夏"};
constexpr std::string_view kGivenFirst[] = {"知", "亦", "清", "若", "以", "景", "书", "念", "子", "明",
                                            "雨", "嘉", "星", "思", "沐", "向", "言", "晚", "可", "安"};
constexpr std::string_view kGivenFemale[] = {"宁", "薇", "岚", "禾", "妍", "棠", "晴", "溪", "月", "瑶"};
constexpr std::string_view kGivenMale[] = {"川", "舟", "远", "石", "松", "峰", "航", "之", "林", "屿"};
constexpr std::string_view kEnglishFirst[] = {"Ada",  "Noah", "Mira", "Owen", "Lena",
                                              "Theo", "Iris", "Hugo", "Nora", "Felix"};
constexpr std::string_view kEnglishLast[] = {"Ashdown",    "Brightwell", "Calloway", "Dunmore",
                                             "Elderfield", "Fenwick",    "Greyling", "Hartley"};

template <std::size_t N>
std::string_view pick(const std::string_view (&from)[N], const Draw& draw, std::uint64_t n) {
  return from[draw.below(Tag::name, static_cast<std::int64_t>(N), n)];
}

Archetype draw_archetype(const Draw& draw) {
  constexpr std::array<std::int64_t, kArchetypes> kShare = {300, 210, 290, 110, 90};
  std::int64_t at = draw.below(Tag::archetype, 1000);
  std::size_t i = 0;
  while (at >= kShare[i]) at -= kShare[i++];
  return static_cast<Archetype>(i);
}

std::int16_t latent(const Draw& draw, std::uint64_t n, std::int64_t shift) {
  return static_cast<std::int16_t>(
      std::clamp<std::int64_t>(draw.bell(Tag::latent, 400, n) + shift, -1000, 1000));
}

void draw_life(const Draw& draw, Customer& c) {
  constexpr std::array<std::int64_t, 5> kAge = {200, 380, 230, 130, 60};
  std::int64_t at = draw.below(Tag::born, 1000);
  std::size_t age = 0;
  while (at >= kAge[age]) at -= kAge[age++];
  c.age = static_cast<AgeBand>(age);
  c.female = draw.chance(Tag::born, 5800, 1);
  c.english = draw.chance(Tag::born, 900, 2);
  const bool parent_age = c.age == AgeBand::to35 || c.age == AgeBand::to45;
  c.has_baby = draw.chance(Tag::born, parent_age ? 4200 : 500, 3);
  c.has_pet = draw.chance(Tag::born, 2600, 4);
  // Bigger cities first: 32 % tier 1, 34 % tier 2, 19 % tier 3, 15 % tier 4.
  const std::int64_t tier = draw.below(Tag::city, 100);
  const std::int64_t low = tier < 32 ? 0 : tier < 66 ? 4 : tier < 85 ? 10 : 14;
  const std::int64_t count = tier < 32 ? 4 : tier < 66 ? 6 : 4;
  c.city = static_cast<std::uint8_t>(low + draw.below(Tag::city, count, 1));
  c.job = static_cast<std::uint8_t>(draw.below(Tag::job, std::size(kJobs)));
  const std::int64_t wealth = draw.bell(Tag::job, 1000, 1) + (c.archetype == Archetype::affluent ? 1500 : 0) +
                              (c.age == AgeBand::to24 ? -600 : 0) + (tier < 32 ? 400 : 0);
  c.income = static_cast<std::uint8_t>(wealth < -900   ? 0
                                       : wealth < 0    ? 1
                                       : wealth < 900  ? 2
                                       : wealth < 1800 ? 3
                                                       : 4);
}

}  // namespace

Customer born(std::uint64_t seed, std::uint32_t index, std::uint32_t customers, std::int32_t days) {
  const Draw draw(seed, index, 0xb0a4);
  Customer c;
  c.index = index;
  c.archetype = draw_archetype(draw);
  draw_life(draw, c);
  const bool fussy = c.archetype == Archetype::fussy;
  c.patience = latent(draw, 1, fussy ? -600 : 100);
  c.neediness = latent(draw, 2, 0);
  c.thrift = latent(draw, 3,
                    c.archetype == Archetype::bargain    ? 500
                    : c.archetype == Archetype::affluent ? -500
                                                         : 0);
  c.tech_skill = latent(draw, 4, c.age == AgeBand::over60 ? -500 : c.age == AgeBand::to60 ? -250 : 150);
  c.temper = latent(draw, 5, fussy ? -120 : 220);
  c.mood = c.temper;
  std::int64_t taste = draw.below(Tag::home, kDepartments);
  if (c.has_baby && draw.chance(Tag::home, 6000, 1)) taste = static_cast<int>(Department::baby);
  if (c.female && !c.has_baby && draw.chance(Tag::home, 3500, 2))
    taste = static_cast<int>(Department::beauty);
  c.taste = static_cast<Department>(taste);
  c.second_taste = static_cast<Department>(draw.below(Tag::home, kDepartments, 3));
  c.devices = static_cast<std::uint8_t>(1 + draw.steps(Tag::device, 4500, 2));
  c.joins_by_word = index > 0 && draw.chance(Tag::refer, 1800);
  // Customer i comes in the i-th of `customers` equal stretches; growth is linear in time.
  const std::int64_t stretch =
      (static_cast<std::int64_t>(index) * 1024 + draw.below(Tag::arrive, 1024)) * days;
  c.arrival = static_cast<std::int32_t>(stretch / (static_cast<std::int64_t>(customers) * 1024));
  c.mood_day = c.arrival;
  return c;
}

std::span<const City> cities() {
  return kCities;
}
std::string_view job_name(int job) {
  return kJobs[job];
}
int jobs() {
  return static_cast<int>(std::size(kJobs));
}
std::string_view income_name(int income) {
  return kIncomes[income];
}
std::string_view age_name(AgeBand age) {
  return kAges[static_cast<int>(age)];
}

std::string_view household_name(const Customer& c) {
  if (c.has_baby) return "with children";
  if (c.age == AgeBand::to24) return "shares a flat";
  return c.index % 3 == 0 ? "lives alone" : "couple";
}

std::string person_name(std::uint64_t seed, const Customer& c) {
  const Draw draw(seed, c.index, 0x4a3e);
  std::string out;
  if (c.english) {
    out += pick(kEnglishFirst, draw, 0);
    out.push_back(' ');
    out += pick(kEnglishLast, draw, 1);
    return out;
  }
  out += pick(kSurnames, draw, 2);
  out += pick(kGivenFirst, draw, 3);
  if (draw.chance(Tag::name, 7500, 4))
    out += c.female ? pick(kGivenFemale, draw, 5) : pick(kGivenMale, draw, 5);
  return out;
}

void append_user_id(std::uint32_t index, std::string& out) {
  char digits[8];
  for (int i = 7; i >= 0; --i, index /= 10) digits[i] = static_cast<char>('0' + index % 10);
  out.push_back('u');
  out.append(digits, 8);
}

void append_phone(std::uint32_t index, std::string& out) {
  char digits[8];
  for (int i = 7; i >= 0; --i, index /= 10) digits[i] = static_cast<char>('0' + index % 10);
  out += "140";
  out.append(digits, 8);
}

void append_anonymous_id(std::uint64_t seed, std::uint32_t index, int device, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::uint64_t bits = Draw(seed, index, 0xa11).bits(Tag::device, static_cast<std::uint64_t>(device) + 10);
  out += "a-";
  for (int i = 0; i < 16; ++i, bits >>= 4) out.push_back(kHex[bits & 15]);
}

void feel(Customer& c, std::int32_t delta) {
  const std::int32_t room = delta >= 0 ? 1000 - c.mood : 1000 + c.mood;
  const std::int32_t weight = delta >= 0 ? 10 : 14;
  const std::int32_t mood = c.mood + delta * weight / 10 * room / 1000;
  c.mood = static_cast<std::int16_t>(std::clamp(mood, -1000, 1000));
}

void settle(Customer& c, std::int32_t day) {
  for (std::int32_t left = std::min(day - c.mood_day, 400); left > 0; --left) {
    const std::int32_t step = (c.temper - c.mood) / 64;
    if (step == 0) break;
    c.mood = static_cast<std::int16_t>(c.mood + step);
  }
  c.mood_day = std::max(c.mood_day, day);
}

}  // namespace rapport::world
