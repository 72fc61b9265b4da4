#include "learn/detail/feedback_phrases.h"

namespace rapport::learn {

// What presses (danger, threats, what is needed today, accounts and cards in other hands), and beside it what
// only sounds like it. Learned for urgency alone.
const std::string_view kFeedbackPressingZh = R"(
product safety -1 1: 用的时候漏电电到手了|摸上去麻麻的像是漏电|充电的时候冒烟了|用着用着起火了|电池鼓包了很吓人|充电器烧了一股焦味|差点引起火灾|突然爆炸了|玻璃内胆炸裂把手划破了|热水洒出来烫到孩子了|刀片飞出来伤到人|吃完上吐下泻|全家吃了都拉肚子|吃完进医院了|孩子吃完发烧送急诊|食物里有虫子在爬|饭里吃出一根钢丝|里面吃到玻璃碴子|吃出头发和蟑螂|肉是臭的吃了肚子疼|奶粉过期了孩子已经喝了|药是过期的|用完脸肿了|涂了以后皮肤溃烂|用了一次全身过敏去医院了|眼睛用了红肿看不清|老人用了头晕送医院|孩子误吞了掉下来的零件|绳子断了孩子摔下来|燃气灶漏气不敢用|加热的时候短路跳闸了|一股焦糊味怕着火
service promise -1 1: 再不处理就打12315投诉|今天不解决我就向消协投诉|已经打了12315|我已经向市场监管局举报|不退款就走法律程序|等着收律师函吧|准备起诉你们公司|已经报警了|再不回复我就报警|我会发到网上曝光|已经联系媒体了|要发微博曝光你们|投诉到工商局去|今天之内必须给我答复|两小时内不回复就投诉|限24小时内退款|马上叫你们经理来|立刻给我回电话|现在就给我处理不要再拖|紧急，请立即联系我|很急，请马上回复|等不了了现在就要解决|我要维权到底|黑店我要举报|欺诈消费者我要起诉
logistics delay -1 1: 今天必须送到，明天就要用|后天结婚，今天再不到就来不及了|今晚的飞机，下午必须收到|明天一早要用，今天能不能到|孩子断奶粉了急等|老人的药断了，快点送|急用急用快点发货|等着救急的|生日礼物明天就要用|明天过生日今天还没到急死了|手术要用的东西还没送到|停药一天都不行，快送|明天考试要用的还没到|宠物断粮了急等|开会要用的，两小时内必须到|今天是最后期限再不到就没用了
logistics loss -1 1: 贵重物品丢了请立刻查|药品丢件了急用|包裹被人冒领了马上查
payment charge -1 1: 我的账户被盗了|账号被人登录了|有人用我的账号下单|不是我本人操作的扣款|银行卡被盗刷了|钱被莫名其妙转走了|卡里少了一笔钱|没有授权就扣款|扣了两遍钱|一单扣了三次钱|没买东西却扣了钱|密码被人改了|手机丢了请冻结我的账户|卡丢了快冻结|信息泄露接到诈骗电话|收到诈骗短信说是你们的客服|被骗子冒充客服骗了钱|个人信息被你们泄露了|马上冻结账户有人在刷|免密支付被盗刷|余额突然没了|自动扣了一年的会员费
product quality -1 0: 用了一段时间才坏，不算大问题|不急着修|有点小毛病，先用着|质量不好但也懒得换了|坏了就坏了，不值得投诉
product safety 1 0: 没有漏电，很安全|孩子用着不过敏|敏感皮肤用了也没事|充电不烫，放心|老人孩子用都安全
product taste -1 0: 肉有点老|汤洒了一点|辣得嘴疼|菜里的油太多了|没有以前好吃了|饭有点硬
product smell -1 0: 有一点焦味，正常范围|有点味道，散散就好
service response -1 0: 客服回复有点慢|打电话没人接，算了|回复倒是回复了，没解决|等了半天才有人理|态度一般，不想投诉了
service promise 0 0: 本来想投诉，后来解决了|不用马上处理，有空再说|不急，慢慢来就行|什么时候方便再联系我
logistics delay -1 0: 送得慢了点，不着急用|晚了两天，还好不急|比预计晚到一天|等了一个多小时才到|路上耽误了，可以理解|发货慢，还没动静|物流三天没更新|送餐的太慢了|迟到了半小时
logistics delay 0 0: 不急用，慢慢发|什么时候发都行|这周能到吗|预计哪天到
payment charge 0 0: 扣款成功了吗|什么时候扣款|为什么多了一元手续费|手续费怎么算|怎么取消自动续费|可以退掉运费吗
payment charge -1 0: 手续费有点贵|支付要点好几步|优惠没算进去少减了几块
experience account -1 0: 密码太难记了|登录要验证码很麻烦|忘记密码了|改密码找不到在哪
)";

const std::string_view kFeedbackPressingEn = R"(
product safety -1 1: it gave me an electric shock|the plug melted and smelled of burning|smoke came out of it|it burst into flames|the battery swelled up and leaked|it exploded while charging|nearly set my kitchen on fire|the glass shattered and cut my daughter|boiling water spilled and scalded my hand|I ended up in hospital after eating it|we all got food poisoning|my son threw up all night after eating this|there was a piece of metal in my food|I found maggots in it|the milk was off and my baby drank it|the medicine is past its date|my face swelled up after using it|I broke out in hives all over|severe allergic reaction and a trip to the emergency room|my dog got very sick from it|a small part came off and my toddler put it in his mouth|the ladder collapsed and I fell|the gas stove leaks|it short circuited and tripped the breaker|this thing is dangerous, stop selling it
service promise -1 1: I am going to report you to trading standards|I have already filed a complaint with the consumer office|if I do not hear back today I will sue|expect a letter from my lawyer|I am taking legal action|see you in court|I will call the police|I already called the police|I will post this everywhere online|I am going to the press with this|refund me within 24 hours or I go to the ombudsman|I want a manager to call me right now|call me back immediately|this is urgent, please reply at once|please act immediately|I need an answer today, no more delays|I cannot wait any longer, fix it now|this is fraud and I will report it|emergency, please help right away|please help me urgently|what do I do, it is an emergency
logistics delay -1 1: it must arrive today, I fly tonight|the wedding is tomorrow and it is not here|my mother needs her medicine today|my baby is out of formula and it still has not come|I need it by tomorrow morning at the latest|the surgery is tomorrow and the parts are missing|it is for a funeral tomorrow, where is it|last chance, it has to be here by noon|the exam is tomorrow and I still have nothing|my cat has no food left, please hurry|I need this as soon as possible|please rush it, I need it tonight
logistics loss -1 1: someone else signed for my medicine|my parcel was stolen from the door, please stop the payment|the package with my passport is lost
payment charge -1 1: someone used my card|there is a payment on my card I did not make|I do not recognise this charge|I did not authorise this payment|money is missing from my account|someone withdrew cash from my account and it was not me|I think my account was hacked|somebody got into my account|someone else placed an order with my account|my card was stolen|I lost my card, please block it|I lost my wallet, freeze my account|my phone was stolen, lock my account now|please freeze my card immediately|my password was changed and it was not me|my card details have been stolen|I think someone has my card number|I was scammed by someone claiming to be you|you leaked my personal data|I was charged two times for the same thing|the same payment went through twice|I have been double charged|you took the money three times|the machine kept my card|the cash machine swallowed my card|there is a direct debit I never set up|I see a withdrawal I did not make|unauthorised transaction on my account
product quality -1 0: it broke after a year, no hurry|a bit flimsy but it does the job|a small scratch, not worth a complaint|it died after a while|not as strong as I hoped
product safety 1 0: no smell of burning, runs cool|my skin does not react to it|safe for the children|never gets hot|no allergic reaction at all
product taste -1 0: too salty for me|the coffee is bitter|a little burnt for my taste|not as good as it used to be|the chips were stale
service response -1 0: they took their time to answer|nobody picked up so I gave up|the reply was slow but polite|I had to ask twice|support was not much help
service promise 0 0: no rush, whenever you can|I wanted to complain but it was solved|there is no hurry at all|please reply when you have time|can I change my details
logistics delay -1 0: a couple of days late but I was not in a hurry|it came later than planned|took longer than it said|delivery was slow|still has not shipped|the tracking has not moved for three days
logistics delay 0 0: when will it arrive|how long does delivery take|any day next week is fine|how do I track my card|is it on its way
payment charge 0 0: why was I charged a fee|what fees do you charge|how do I top up|can I change my pin|my transfer is pending|how long does a transfer take|why is my payment still pending|where can I use my card|which cards do you accept|what is the exchange rate|can I get a second card|how do I verify my identity|when is the payment taken|how do I cancel a renewal|can I have a refund|my card has not arrived yet|how do I activate my card|my top up did not work|why was my transfer declined|I would like to close my account
payment charge -1 0: the fee is a little high|the exchange rate was wrong|my payment was declined|my card does not work|I was charged more than I expected|the refund is not there yet|the transfer did not arrive
experience account -1 0: I forgot my password|too many codes to sign in|I cannot find where to change my password|the app is slow
)";

}  // namespace rapport::learn
