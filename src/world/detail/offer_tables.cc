#include "world/detail/assortment.h"

// Services, contents, coupons, bundles, competitors and brands.
namespace rapport::world {
namespace {

using enum Department;

constexpr ServiceSpec kServiceTable[kServices] = {
    {"S-warranty", "延长保修", "Extended warranty", "physical", "after_sale", "sale", "offline", "passive",
     "partner", 12'900, 6'100, 72, "after-sale", "整机保修延长一年，上门或寄修，不收工时费。",
     "One more year of repair, on site or by post, labour included."},
    {"S-install", "上门安装", "Installation", "physical", "convenience", "after_sale", "offline",
     "participating", "partner", 0, 6'500, 48, "logistics", "签收后两天内上门安装、调试并带走包装。",
     "Installed, tuned and cleaned up within two days of delivery."},
    {"S-tradein", "以旧换新", "Trade-in", "physical", "convenience", "sale", "offline", "participating",
     "own", 0, 4'200, 96, "sales", "旧机估价抵扣，新机送到时取走旧机。",
     "The old device is valued, deducted and taken away on delivery."},
    {"S-training", "使用培训", "Training", "information", "technical_support", "after_sale", "online",
     "participating", "own", 4'900, 2'300, 72, "product", "视频一对一，四十分钟学会参数、保养与常见问题。",
     "One to one by video: parameters, care and common questions in forty minutes."},
    {"S-express", "极速服务通道", "Express lane", "experience", "after_sale", "after_sale", "online",
     "passive", "own", 6'900, 3'800, 12, "service", "问题优先受理，专席跟进到解决。",
     "Problems go to a desk of their own and are followed until solved."},
    {"S-member", "会员等级", "Membership tier", "experience", "customisation", "pre_sale", "online",
     "passive", "own", 9'900, 5'200, 24, "marketing", "会员价、双倍积分与生日礼遇。",
     "Member prices, double points and a birthday gift."},
    {"S-adviser", "专属顾问", "Personal adviser", "information", "customisation", "pre_sale", "online",
     "participating", "own", 0, 15'800, 24, "service", "每周一次主动联系，选购、搭配与售后一位顾问负责到底。",
     "One adviser for choice, combination and after-sale, in touch every week."},
    {"S-watch", "保证金预警", "Margin watch", "information", "technical_support", "after_sale", "online",
     "passive", "own", 0, 900, 1, "risk", "担保比例缓冲过半时当日提醒，并给出补仓或减仓方案。",
     "A warning on the day the cushion is half gone, with ways out."},
    {"S-account", "证券账户", "Trading account", "information", "convenience", "pre_sale", "online",
     "participating", "own", 0, 1'500, 24, "sales", "开户、入金、交易与查询。",
     "Opening, deposits, trading and statements."},
};

constexpr ContentSpec kContents[] = {
    {"T-cadr", "CADR 是什么：多大房间要多大净化器", "What CADR means: which purifier for which room",
     "article", "CADR", appliance},
    {"T-ccm", "CCM 值：滤芯能用多久", "CCM: how long a filter lasts", "article", "CCM", appliance},
    {"T-hepa", "滤网等级怎么选", "Choosing a filter class", "article", "HEPA", appliance},
    {"T-filter", "三分钟换滤芯", "Changing the filter in three minutes", "video", "", appliance},
    {"T-espresso", "第一杯意式浓缩", "Your first espresso", "video", "bar", appliance},
    {"T-beans", "烘焙度与风味", "Roast and taste", "tutorial", "Agtron", appliance},
    {"T-robot", "扫地机器人初次建图", "The robot's first map", "tutorial", "Pa", appliance},
    {"T-formula", "转奶七日法", "Changing formula in seven days", "article", "DHA", baby},
    {"T-seat", "安全座椅安装自查", "Checking a child seat", "video", "i-Size", baby},
    {"T-pump", "吸奶器档位怎么调", "Settings of a breast pump", "tutorial", "mmHg", baby},
    {"T-tent", "一个人搭帐篷", "Pitching a tent alone", "video", "PU", outdoor},
    {"T-mah", "mAh 换算：一块电源撑多久", "From mAh to hours", "article", "mAh", outdoor},
    {"T-shell", "冲锋衣的防水与透湿", "Waterproof and breathable", "article", "GTX", outdoor},
    {"T-spf", "SPF 与 PA 到底差在哪", "SPF and PA", "article", "SPF", beauty},
    {"T-acid", "烟酰胺怎么建立耐受", "Getting used to niacinamide", "tutorial", "niacinamide", beauty},
    {"T-rf", "美容仪三周见效的用法", "Three weeks with an RF device", "video", "RF", beauty},
};

constexpr CouponSpec kCoupons[] = {
    {"", 0, 0, 0, ""},
    {"C-LATE5", 500, 0, 30, "late_parcel"},
    {"C-WELCOME20", 2'000, 19'900, 14, "welcome"},
    {"C-CART30", 3'000, 29'900, 3, "cart"},
    {"C-BACK50", 5'000, 39'900, 15, "win_back"},
    {"C-BIRTHDAY66", 6'600, 49'900, 30, "birthday"},
};

constexpr BundleSpec kBundles[] = {
    {"B-coffee", "咖啡套装", "Coffee set", 3, 4},
    {"B-air", "净化器与备用滤芯", "Purifier and spare filter", 0, 1},
    {"B-camp", "双人露营套装", "Camping for two", 13, 14},
    {"B-sun", "离网电力套装", "Off-grid power set", 15, 16},
    {"B-travel", "宝宝出行套装", "Baby on the move", 7, 9},
    {"B-skin", "修护两件套", "Repair pair", 20, 23},
};

constexpr CompetitorSpec kCompetitors[] = {
    {"X-air", "晴川 A5 空气净化器", "Qingchuan A5 air purifier", 0, 92},
    {"X-coffee", "磨坊街 M1 咖啡机", "Mill Street M1 coffee machine", 3, 105},
    {"X-robot", "圆弧 R9 扫地机器人", "Arc R9 robot vacuum", 5, 97},
    {"X-stroller", "小轮 T2 婴儿推车", "Little Wheel T2 stroller", 7, 88},
    {"X-power", "长昼 P1000 户外电源", "Long Day P1000 power station", 15, 110},
    {"X-serum", "白露 精华液", "White Dew serum", 20, 84},
};

constexpr std::string_view kBrandZh[kDepartments + 1][kBrands] = {
    {"云栖", "澄岚", "北屿", "木禾", "极光里", "素元"},
    {"小橡果", "暖芽", "呦呦鹿", "星絮", "团团", "蓓恩"},
    {"山迹", "野径", "逐岸", "岩语", "星野营", "千帆客"},
    {"露凝", "花间集", "瑾肌", "沐白", "茗颜", "月澜"},
    {"衡山", "远帆", "知微", "稳川", "青禾", "万象"},
};
constexpr std::string_view kBrandEn[kDepartments + 1][kBrands] = {
    {"Yunqi", "Clarlan", "Northisle", "Muhe", "Auroria", "Suyuan"},
    {"Acornie", "Warmbud", "Youdeer", "Starflock", "Tuantuan", "Beien"},
    {"Shanji", "Wildtrail", "Shorechase", "Yanyu", "Starcamp", "Thousandsail"},
    {"Dewnin", "Florilege", "Jinskin", "Mubai", "Mingyan", "Moonlan"},
    {"Hengshan", "Farsail", "Zhiwei", "Steadyriver", "Greencorn", "Manifold"},
};

}  // namespace

std::span<const ServiceSpec, kServices> services() {
  return kServiceTable;
}
std::span<const ContentSpec> contents() {
  return kContents;
}
std::span<const CouponSpec> coupons() {
  return kCoupons;
}
std::span<const BundleSpec> bundles() {
  return kBundles;
}
std::span<const CompetitorSpec> competitors() {
  return kCompetitors;
}

bool offered_by(Service service, Pack pack) {
  if (pack == Pack::retail) return service < Service::watch;
  return service == Service::training || service == Service::express || service >= Service::adviser;
}

std::string_view brand_zh(Department department, int brand) {
  return kBrandZh[static_cast<int>(department)][brand];
}
std::string_view brand_en(Department department, int brand) {
  return kBrandEn[static_cast<int>(department)][brand];
}

}  // namespace rapport::world
