#include "app/desk_staff_texts.h"

namespace rapport::app {

const std::string_view kStaffHours =
    R"({"title":"Service desk","zone":"Asia/Shanghai","week":{"mon":["09:00-18:00"],"tue":["09:00-18:00"],)"
    R"("wed":["09:00-18:00"],"thu":["09:00-18:00"],"fri":["09:00-18:00"],"sat":["09:00-18:00"],)"
    R"("sun":["09:00-18:00"]}})";

const std::string_view kStaffLevels =
    R"({"calendar":"desk","warn_percent":75,"targets":[)"
    R"({"clock":"first_answer","target":"15m","calendar":""},)"
    R"({"clock":"located","target":"9h"},)"
    R"({"clock":"closed","class":"logistics","target":"12h"},{"clock":"closed","target":"18h"},)"
    R"({"clock":"call_back","target":"48h","calendar":""},)"
    R"({"clock":"decision","target":"18h"},{"clock":"pick_up","target":"18h"},)"
    R"({"clock":"public_answer","target":"72h","calendar":""}]})";

namespace {

constexpr StaffText kTexts[] = {
    {"looking-product", "商品：已在核实",
     "您好，您说的商品问题我们看到了，正在和商品部门一起核实，有结果马上告诉您。",
     "Hello, we have read what you say about the product and are checking it with the people who make it. We "
     "will tell you as soon as we know more.",
     "located"},
    {"looking-service", "服务：已转主管",
     "您好，这次的服务让您失望了，很抱歉。我们已经请主管来看这件事，今天就会给您答复。",
     "Hello, we are sorry that our service let you down. A supervisor is looking into it and will answer you "
     "today.",
     "located"},
    {"looking-logistics", "物流：已在查件",
     "您好，包裹的情况我们正在向承运商核实，查到在哪里、什么时候到，马上告诉您。",
     "Hello, we are asking the carrier where your parcel is and when it will come, and will tell you at "
     "once.",
     "located"},
    {"looking-price", "价格：已在核对", "您好，您说的价格我们正在核对，如果是我们的差错，会把差价退给您。",
     "Hello, we are checking the price that you name. If the mistake is ours, you will have the difference "
     "back.",
     "located"},
    {"looking-payment", "支付：已在对账", "您好，这笔款项我们正在和支付渠道对账，查清之后马上告诉您。",
     "Hello, we are going through this payment with the payment service and will tell you what we find.",
     "located"},
    {"looking-experience", "体验：已转负责人",
     "您好，谢谢您告诉我们哪里用得不顺手，负责这一块的同事已经在看了。",
     "Hello, thank you for telling us what was awkward. The colleague who is in charge of it is looking into "
     "it.",
     "located"},
    {"solved-product", "商品：已处理", "您好，问题已经查清：我们可以为您换新或者修好，您回复一声就安排。",
     "Hello, we have found what was wrong. We will exchange or repair it for you, whichever you prefer: just "
     "answer this message.",
     "solved"},
    {"solved-service", "服务：已处理",
     "您好，主管已经和当时的同事谈过，流程也改了。再次向您道歉，也谢谢您指出来。",
     "Hello, the supervisor has spoken with the colleague and changed how we go about it. We apologise "
     "again, "
     "and thank you for saying so.",
     "solved"},
    {"solved-logistics", "物流：已处理",
     "您好，包裹已经查到并催办，请以订单页面上的最新进度为准。让您久等了，抱歉。",
     "Hello, the parcel was found and is being hurried along; the order's page has its latest place. We are "
     "sorry for the wait.",
     "solved"},
    {"solved-price", "价格：已处理", "您好，价格已经核对清楚，说明写在您的订单里；有差价的部分按规则退回。",
     "Hello, the price has been checked and your order now says how it comes about. Where there was a "
     "difference it goes back to you by our rules.",
     "solved"},
    {"solved-payment", "支付：已处理", "您好，这笔款项已经对上，订单状态也更正了。还有不对的地方请直接回复。",
     "Hello, the payment has been matched and the order is right again. If anything is still amiss, just "
     "answer this message.",
     "solved"},
    {"solved-experience", "体验：已处理",
     "您好，您说的地方我们已经记下并排进改进计划，这次先按您习惯的方式帮您办好了。",
     "Hello, what you describe is now on the list of things that we improve; for this time we have done it "
     "the "
     "way you wanted.",
     "solved"},
    {"parcel-status", "物流：告知进度",
     "{name}您好，订单{order_id}{parcel.node}，预计{parcel.promised}送达。",
     "Dear {name}, order {order_id} is {parcel.node} and should arrive by {parcel.promised}.", ""},
};

}  // namespace

std::span<const StaffText> staff_texts() {
  return kTexts;
}

std::string_view staff_text_class(std::string_view feedback_class) {
  for (const std::string_view known : {"service", "logistics", "price", "payment", "experience"}) {
    if (feedback_class == known) return known;
  }
  return "product";
}

}  // namespace rapport::app
