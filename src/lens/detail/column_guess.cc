#include "lens/detail/column_guess.h"

#include <algorithm>

#include "base/time.h"
#include "codec/json_index.h"
#include "text/normalise.h"

namespace rapport::lens::detail {
namespace {

struct Head {
  std::string_view property, words;  ///< words parted by blanks, without blanks and underscores of their own
};

// Exports of Chinese shop systems and their English relatives; traditional forms beside the simplified ones.
constexpr Head kHeads[] = {
    {"order_id",
     "订单号 订单编号 订单id 订单流水号 单号 交易编号 交易号 訂單號 訂單編號 orderid orderno ordernumber "
     "ordercode order"},
    {"time",
     "下单时间 下单日期 订单时间 订单日期 订单创建时间 付款时间 支付时间 订单付款时间 成交时间 交易时间 "
     "创建时间 提交时间 评价时间 "
     "评论时间 注册时间 注册日期 发生时间 时间 日期 下單時間 訂單時間 付款時間 時間 date time datetime "
     "timestamp orderdate ordertime "
     "orderedat createdat created purchasedate paidat registeredat reviewdate"},
    {"phone",
     "手机号 手机 手机号码 联系电话 联系手机 电话 收货人手机 收货手机 收件人电话 买家手机 手機 手機號碼 電話 "
     "phone mobile "
     "phonenumber mobilephone tel telephone"},
    {"email", "邮箱 电子邮箱 邮件 邮箱地址 電郵 電子郵件 email mail emailaddress"},
    {"user_id",
     "用户id 用户编号 用户名 用户 客户编号 客户id 客户号 买家 买家id 买家编号 买家会员名 买家昵称 顾客编号 "
     "用戶 客戶編號 "
     "userid customerid customerno customer buyer buyerid user clientid"},
    {"member_id", "会员号 会员编号 会员id 会员卡号 会员名 會員編號 會員號 memberid memberno membership"},
    {"name",
     "姓名 客户姓名 收货人 收货人姓名 收件人 联系人 买家姓名 真实姓名 客戶姓名 收件人姓名 name customername "
     "fullname recipient"},
    {"product_id",
     "商品编号 商品id 商品编码 货号 产品编号 产品编码 商家编码 宝贝id 商品sku sku skuid 商品編號 貨號 "
     "產品編號 productid "
     "productno productcode itemid item"},
    {"product_name",
     "商品名称 商品名 商品标题 商品 产品名称 产品 宝贝标题 商品名稱 產品名稱 productname product title "
     "itemname"},
    {"quantity", "数量 件数 购买数量 商品数量 购买件数 宝贝数量 數量 件數 quantity qty count pieces"},
    {"price", "单价 商品单价 商品价格 价格 售价 單價 價格 price unitprice itemprice"},
    {"total",
     "金额 订单金额 订单总额 总金额 总价 实付金额 实付 实付款 应付金额 支付金额 付款金额 成交金额 "
     "买家实际支付金额 "
     "买家应付货款 金額 訂單金額 實付金額 總額 total amount ordertotal totalamount paidamount totalprice"},
    {"currency", "币种 货币 幣種 currency"},
    {"rating", "评分 星级 打分 评价星级 評分 rating stars score"},
    {"text", "评价内容 评论内容 评论 内容 评价 買家評價 評論內容 comment review text content reviewtext"},
    {"review_id", "评价编号 评价id 评论id reviewid"},
    {"category", "类目 分类 品类 商品分类 商品类目 類別 分類 category"},
    {"brand", "品牌 brand"},
    {"city", "城市 市 收货城市 所在城市 city"},
    {"region", "省份 省 地区 收货省份 省市 地區 region province state"},
    {"gender", "性别 性別 gender sex"},
    {"status", "订单状态 状态 交易状态 訂單狀態 狀態 status orderstatus state"},
    {"reason", "原因 退货原因 退款原因 reason"},
};

std::string bare(std::string_view head) {
  std::string form = text::comparison_form(head);
  // What stands in brackets tells the unit: 金额（元）.
  for (const std::string_view open : {"(", "[", "（", "【"}) {
    if (const auto at = form.find(open); at != std::string::npos && at > 0) form.resize(at);
  }
  std::erase_if(form,
                [](char c) { return c == ' ' || c == '_' || c == '-' || c == '.' || c == ':' || c == '/'; });
  return form;
}

/// 0 none, 1 a part, 2 the whole.
int match(std::string_view form, std::string_view words) {
  int best = 0;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, end);
    words.remove_prefix(std::min(end + 1, words.size()));
    if (word.empty()) continue;
    if (form == word) return 2;
    // Short ASCII words are parts of too much.
    const bool may_be_part =
        static_cast<unsigned char>(word[0]) >= 0x80 ? word.size() >= 6 : word.size() >= 5;
    if (may_be_part && form.find(word) != std::string_view::npos) best = 1;
  }
  return best;
}

template <class Test>
bool all_of_filled(std::span<const std::string> cells, Test test) {
  bool any = false;
  for (const std::string& cell : cells) {
    const std::string_view trimmed = text::trim(cell);
    if (trimmed.empty()) continue;
    any = true;
    if (!test(trimmed)) return false;
  }
  return any;
}

bool all_digits(std::string_view cell) {
  return !cell.empty() && std::all_of(cell.begin(), cell.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_phone(std::string_view cell) {
  if (cell.starts_with("+86")) cell.remove_prefix(3);
  return cell.size() == 11 && cell[0] == '1' && cell[1] >= '3' && all_digits(cell);
}

bool is_email(std::string_view cell) {
  const std::size_t at = cell.find('@');
  return at != std::string_view::npos && at > 0 && cell.find('.', at) != std::string_view::npos;
}

bool has_form(std::string_view cell, std::string_view form) {
  if (form.empty()) return cell.size() >= 8 && !all_digits(cell) && parse_instant(cell).ok();
  if (form == "epoch_s") return cell.size() == 10 && all_digits(cell) && cell[0] == '1';
  if (form == "epoch_ms") return cell.size() == 13 && all_digits(cell) && cell[0] == '1';
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '%') {
      if (!cell.starts_with(form[i])) return false;
      cell.remove_prefix(1);
      continue;
    }
    const std::size_t most = form[++i] == 'Y' ? 4 : 2;
    std::size_t digits = 0;
    while (digits < most && digits < cell.size() && cell[digits] >= '0' && cell[digits] <= '9') ++digits;
    if (digits == 0 || (most == 4 && digits < 4)) return false;
    cell.remove_prefix(digits);
  }
  return cell.empty();
}

bool is_number(std::string_view cell) {
  if (cell.starts_with("¥") || cell.starts_with("￥")) return false;
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  const bool shape = !cell.empty() && cell.find_first_not_of("0123456789.,") == std::string_view::npos;
  return shape && cell[0] != ',' && std::count(cell.begin(), cell.end(), '.') <= 1;
}

}  // namespace

std::optional<std::string> time_format(std::span<const std::string> cells) {
  constexpr std::string_view kForms[] = {"",
                                         "%Y/%m/%d %H:%M:%S",
                                         "%Y/%m/%d %H:%M",
                                         "%Y/%m/%d",
                                         "%Y-%m-%d %H:%M:%S",
                                         "%Y-%m-%d %H:%M",
                                         "%Y-%m-%d",
                                         "%Y.%m.%d %H:%M:%S",
                                         "%Y.%m.%d",
                                         "%Y年%m月%d日 %H:%M:%S",
                                         "%Y年%m月%d日 %H:%M",
                                         "%Y年%m月%d日",
                                         "%Y%m%d%H%M%S",
                                         "%Y%m%d",
                                         "epoch_s",
                                         "epoch_ms"};
  for (const std::string_view form : kForms) {
    if (all_of_filled(cells, [form](std::string_view cell) { return has_form(cell, form); }))
      return std::string(form);
  }
  return std::nullopt;
}

std::string column_type(std::span<const std::string> cells) {
  if (all_of_filled(cells, [](std::string_view cell) {
        return all_digits(cell) && cell.size() <= 15 && (cell.size() == 1 || cell[0] != '0');
      }))
    return "integer";
  if (all_of_filled(cells, [](std::string_view cell) {
        return is_number(cell) && (cell[0] != '0' || cell.size() == 1 || cell[1] == '.');
      }))
    return "number";
  if (time_format(cells)) return "time";
  if (all_of_filled(cells, [](std::string_view cell) {
        constexpr std::string_view kWords[] = {"true", "false", "是", "否", "yes", "no"};
        return std::find(std::begin(kWords), std::end(kWords), cell) != std::end(kWords);
      }))
    return "boolean";
  return "text";
}

std::pair<std::string, std::int32_t> guess_property(std::string_view head,
                                                    std::span<const std::string> cells) {
  const std::string form = bare(head);
  std::string property;
  std::int32_t confidence = 0;
  for (const Head& known : kHeads) {
    const int found = match(form, known.words);
    const std::int32_t sure = found == 2 ? 95 : found == 1 ? 60 : 0;
    if (sure > confidence) {
      property = known.property;
      confidence = sure;
    }
  }
  const bool phones = all_of_filled(cells, is_phone), emails = all_of_filled(cells, is_email);
  if (confidence < 90 && phones) return {"phone", 80};
  if (confidence < 90 && emails) return {"email", 80};
  const bool has_values =
      std::any_of(cells.begin(), cells.end(), [](const std::string& cell) { return !cell.empty(); });
  if (property.empty() || !has_values) return {property, property.empty() ? 0 : confidence / 2};
  // A head that its cells contradict is worth little.
  const std::string type = column_type(cells);
  const bool wants_number =
      property == "total" || property == "price" || property == "quantity" || property == "rating";
  if (wants_number && type != "integer" && type != "number") confidence = 20;
  if (property == "time" && !time_format(cells)) confidence = 20;
  if (property == "email" && !emails) confidence = 20;
  return {property, confidence};
}

}  // namespace rapport::lens::detail
