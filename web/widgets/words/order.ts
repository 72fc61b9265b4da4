import type {Words} from '../runtime/words';

export type OrderKey = 'buy' | 'buy_for' | 'to' | 'change' | 'name' | 'city' | 'address' | 'pay_by' | 'total' | 'confirm' | 'paying' | 'sandbox' | 'done' | 'number' | 'failed'
  | 'insufficient_balance' | 'card_limit' | 'way_out' | 'use' | 'wechat_pay' | 'alipay' | 'unionpay' | 'credit_card' | 'digital_yuan' | 'business_transfer' | 'limit' | 'again';

export const kOrderWords: Words<OrderKey> = {
  buy: ['立即购买', '立即購買', 'Buy now'],
  buy_for: ['一键购买 · {total}', '一鍵購買 · {total}', 'Buy in one click · {total}'],
  to: ['送到', '送到', 'Deliver to'],
  change: ['改地址或支付方式', '改地址或付款方式', 'Change address or payment'],
  name: ['收货人', '收貨人', 'Name'],
  city: ['城市', '城市', 'City'],
  address: ['详细地址', '詳細地址', 'Street and number'],
  pay_by: ['支付方式', '付款方式', 'Pay by'],
  total: ['合计', '合計', 'Total'],
  confirm: ['支付 {total}', '支付 {total}', 'Pay {total}'],
  paying: ['正在支付……', '正在支付……', 'Paying…'],
  sandbox: ['支付为沙箱：不会动用真钱。余额和限额写在每种方式旁边，超出即失败。', '付款為沙箱：不會動用真錢。餘額和限額寫在每種方式旁邊，超出即失敗。',
    'Payment is a sandbox: no money moves. Balances and limits stand beside each method; above them it fails.'],
  done: ['已下单，已付款。', '已下單，已付款。', 'Ordered and paid.'],
  number: ['订单号', '訂單號', 'Order'],
  failed: ['{method}没有付成', '{method}沒有付成', '{method} did not go through'],
  insufficient_balance: ['余额不足。', '餘額不足。', 'The balance is too low.'],
  card_limit: ['超过了这张卡的单笔限额。', '超過了這張卡的單筆限額。', 'It is over the card’s limit for one payment.'],
  way_out: ['换一种方式，一点就付：', '換一種方式，一點就付：', 'Another way, one tap:'],
  use: ['用{method}支付', '用{method}支付', 'Pay by {method}'],
  wechat_pay: ['微信支付', '微信支付', 'WeChat Pay'],
  alipay: ['支付宝', '支付寶', 'Alipay'],
  unionpay: ['银联借记卡', '銀聯借記卡', 'UnionPay debit card'],
  credit_card: ['信用卡', '信用卡', 'credit card'],
  digital_yuan: ['数字人民币', '數位人民幣', 'digital yuan'],
  business_transfer: ['对公转账', '對公轉帳', 'business transfer'],
  limit: ['至多 {most}', '至多 {most}', 'up to {most}'],
  again: ['再买一次', '再買一次', 'Buy again'],
};
